using System.Text.Json;
using Minion.Contracts.Tools.V1;
using Policy = Minion.Contracts.Tools.V1.ToolPolicy;

namespace Minion.Tools.Declarations;

/// <summary>A source as an administrator declared it.</summary>
/// <param name="Name">What its tools' names start with.</param>
/// <param name="Kind">The key of its kind.</param>
/// <param name="Settings">Checked by the kind.</param>
/// <param name="Policy">For all of its tools.</param>
/// <param name="Cluster">The cluster that declares it; empty for none.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
internal sealed record DeclaredSource(string Name, string Kind, JsonElement Settings, Policy Policy, string Cluster, DateTimeOffset UpdatedAt);

/// <summary>Conditions for the tools that a name means.</summary>
/// <param name="Name">A tool's name, with wildcards.</param>
/// <param name="Policy">The conditions.</param>
/// <param name="Cluster">The cluster that declares it; empty for none.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
internal sealed record DeclaredPolicy(string Name, Policy Policy, string Cluster, DateTimeOffset UpdatedAt);

/// <summary>A tool as it was seen, and what was decided about it.</summary>
/// <param name="Name">The tool's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Hash">Pins description, schemas and effect.</param>
/// <param name="Source">Where it comes from; empty for the server itself.</param>
/// <param name="Definition">As it was seen.</param>
/// <param name="Status">Whether it may be called.</param>
internal sealed record SeenVersion(string Name, string Version, byte[] Hash, string Source, Tool Definition, ToolStatus Status)
{
    public string Replacement { get; init; } = "";

    public string Note { get; init; } = "";

    /// <summary>Its source, or the server, has it now.</summary>
    public bool Offered { get; init; } = true;

    public DateTimeOffset SeenAt { get; init; }

    /// <summary>Empty when nobody has decided yet.</summary>
    public string DecidedBy { get; init; } = "";

    public DateTimeOffset? DecidedAt { get; init; }
}

/// <summary>Everything that is declared and decided for a tenant.</summary>
internal sealed record TenantDeclarations(
    IReadOnlyList<DeclaredSource> Sources, IReadOnlyList<DeclaredPolicy> Policies, IReadOnlyList<SeenVersion> Versions)
{
    public static readonly TenantDeclarations None = new([], [], []);

    public bool IsEmpty => Sources.Count == 0 && Policies.Count == 0 && Versions.Count == 0;
}

/// <summary>Where declarations are kept.</summary>
internal interface IDeclarations
{
    Task<TenantDeclarations> ReadAsync(string tenant, CancellationToken cancellationToken);

    /// <summary>Notes what a source offers now: adds versions not seen before, and says which are offered.</summary>
    Task SeeAsync(string tenant, string source, IReadOnlyList<SeenVersion> offered, CancellationToken cancellationToken);
}
