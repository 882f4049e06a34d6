using Minion.Orchestration.Agents;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>A child run that is to be inserted with its parent's append. Tenant, principal, priority and root are the parent's.</summary>
internal sealed record ChildRun(Guid Id, int Step, int Call, AgentVersion Agent)
{
    /// <summary>Name and version.</summary>
    public required string Behaviour { get; init; }

    public required string Label { get; init; }

    public required string Input { get; init; }

    public required IReadOnlyList<string> Permissions { get; init; }

    public required RunLimits Limits { get; init; }

    public required DateTimeOffset Deadline { get; init; }

    /// <summary>Whether it looks back at the session of its parent.</summary>
    public bool SeesConversation { get; init; }

    /// <summary>Whether what its parent has read came in part from untrusted sources.</summary>
    public bool IsTainted { get; init; }

    /// <summary>What its behaviour is told: a JSON object.</summary>
    public required string Options { get; init; }
}
