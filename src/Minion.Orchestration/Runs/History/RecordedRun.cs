using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.History;

/// <summary>A run with what its journal alone does not tell: what it was accepted with.</summary>
internal sealed record RecordedRun
{
    public required Guid Id { get; init; }

    public required Guid AgentId { get; init; }

    public required string Agent { get; init; }

    public required int AgentVersion { get; init; }

    public required string Behaviour { get; init; }

    public required string Options { get; init; }

    /// <summary>The session whose messages it looks back at.</summary>
    public required Guid? Session { get; init; }

    public required long FirstMessage { get; init; }

    public required long LastMessage { get; init; }

    public required string Status { get; init; }

    public required RunLimits Limits { get; init; }

    public required string Input { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required ForkOverrides? Overrides { get; init; }

    /// <summary>Whether its journal begins with a part of another one's.</summary>
    public bool IsFork { get; init; }

    /// <summary>Whether what it was begun with came in part from untrusted sources.</summary>
    public bool IsTainted { get; init; }

    /// <summary>The fold before the first entry.</summary>
    public RunState NewState() => new(Id, Limits, CreatedAt, Input, Options) { IsTainted = IsTainted };

    /// <summary>The fold of some of its entries.</summary>
    public RunState Fold(IEnumerable<Entry> entries)
    {
        var state = NewState();
        foreach (var entry in entries)
        {
            state.Apply(entry);
        }

        return state;
    }
}
