using Minion.Orchestration.Runs.History;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>What a worker needs to know of a run that it holds.</summary>
internal sealed record ClaimedRun
{
    public required string Tenant { get; init; }

    public required Guid Id { get; init; }

    public required Guid AgentId { get; init; }

    public required string Agent { get; init; }

    public required int AgentVersion { get; init; }

    public required string Behaviour { get; init; }

    public required Guid? SessionId { get; init; }

    public required long FirstMessage { get; init; }

    public required long LastMessage { get; init; }

    public required string Principal { get; init; }

    public required IReadOnlyList<string> Permissions { get; init; }

    public required long Epoch { get; init; }

    public required long NextSeq { get; init; }

    public required RunLimits Limits { get; init; }

    public required DateTimeOffset Deadline { get; init; }

    public required string Input { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What a fork does otherwise than its agent's version says; null for any other run.</summary>
    public ForkOverrides? Overrides { get; init; }

    /// <summary>What its behaviour is told: a JSON object.</summary>
    public string Options { get; init; } = "{}";

    public int Priority { get; init; }

    /// <summary>The run at the top of its tree; its own id when nobody started it.</summary>
    public required Guid RootId { get; init; }

    /// <summary>The run that started it; null for a root.</summary>
    public Guid? ParentId { get; init; }

    /// <summary>Whether a limit bounds the runs of its agent that are executed at once: when it is given up, another may begin.</summary>
    public bool IsLimited { get; init; }

    /// <summary>Whether what it was begun with came in part from untrusted sources.</summary>
    public bool IsTainted { get; init; }

    /// <summary>Levels below the root.</summary>
    public int Depth { get; init; }
}
