using Minion.Tools.Declarations;

namespace Minion.Tools.Tests;

/// <summary>Declarations that a test makes, without a database.</summary>
internal sealed class FakeDeclarations : IDeclarations
{
    public TenantDeclarations Declared { get; set; } = TenantDeclarations.None;

    public Task<TenantDeclarations> ReadAsync(string tenant, CancellationToken cancellationToken) => Task.FromResult(Declared);

    public Task SeeAsync(string tenant, string source, IReadOnlyList<SeenVersion> offered, CancellationToken cancellationToken)
    {
        Declared = Declared with { Versions = [.. Declared.Versions.Where(v => v.Source != source), .. offered] };
        return Task.CompletedTask;
    }
}
