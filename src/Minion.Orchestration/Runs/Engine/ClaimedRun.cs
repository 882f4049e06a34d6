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
}
