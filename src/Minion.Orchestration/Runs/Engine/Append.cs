using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Runs.Journal.LongTexts;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>What becomes of a run with an append.</summary>
internal enum Transition
{
    /// <summary>It goes on with its worker.</summary>
    Continue,

    /// <summary>It waits, unless a signal has come that its worker has not folded.</summary>
    Wait,

    /// <summary>It is handed back for any worker to claim.</summary>
    Release,
    Complete,
    Fail,
    Cancel,
}

/// <summary>What a worker asks to be written of one run: entries and a transition, all or nothing.</summary>
internal sealed record Append(ClaimedRun Run, long NextSeq, IReadOnlyList<Entry> Entries, Transition Transition)
{
    /// <summary>The entries' payloads as they are stored: made here, so that the one writer does not wait for it.</summary>
    public IReadOnlyList<StoredPayload> Stored { get; } = [.. Entries.Select(e => StoredPayload.Of(e.Payload))];

    /// <summary>The number of the last signal that was folded; a wait is refused when the row has a later one.</summary>
    public long SignalSeq { get; init; }

    /// <summary>The questions that a waiting run shows, as JSON.</summary>
    public string? Waiting { get; init; }

    public string? Output { get; init; }

    /// <summary>Why it failed or was cancelled, as JSON.</summary>
    public string? Error { get; init; }

    /// <summary>The calls that led to the answer, as JSON, for the session's message.</summary>
    public string? ToolCalls { get; init; }

    /// <summary>Whether what the run has read came in part from untrusted sources, for the session's message.</summary>
    public bool IsTainted { get; init; }

    /// <summary>The run ends while questions of it are open in the inbox.</summary>
    public bool WithdrawsItems { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>When a run that waits goes on by itself.</summary>
    public DateTimeOffset? WakeAt { get; init; }

    /// <summary>Whether it waits for a person: that time is not counted.</summary>
    public bool IsPaused { get; init; }

    /// <summary>The children that it starts.</summary>
    public IReadOnlyList<ChildRun> Children { get; init; } = [];

    /// <summary>The children that have not ended, of a run that ends: they are asked to stop.</summary>
    public IReadOnlyList<Guid> Abandoned { get; init; } = [];

    /// <summary>The run to tell of its end; null for a root, and while it goes on.</summary>
    public Guid? Parent => Ends ? Run.ParentId : null;

    /// <summary>Whether the run ends with it.</summary>
    public bool Ends => Transition is Transition.Complete or Transition.Fail or Transition.Cancel;

    /// <summary>Whether a turn of its session ends with it.</summary>
    public bool EndsTurn => Ends && Run is { SessionId: not null, ParentId: null };

    /// <summary>When the run recorded what it works with; the earliest time when it has not.</summary>
    public DateTimeOffset ContextAt { get; init; }

    /// <summary>What a cancelled run had said of its answer; null when nothing.</summary>
    public string? Partial { get; init; }

    /// <summary>The other runs that it changes; their rows are locked too.</summary>
    public IEnumerable<Guid> Others => Parent is { } parent ? Abandoned.Append(parent) : Abandoned;
}

/// <summary>What became of an append.</summary>
internal enum AppendResult
{
    /// <summary>It is durable.</summary>
    Committed,

    /// <summary>The entries are durable; the run does not wait, because a signal came first. It stays with its worker.</summary>
    WaitRefused,

    /// <summary>Nothing was written: the run belongs to another worker, or has ended. Drop it at once.</summary>
    Fenced,

    /// <summary>Nothing was written: PostgreSQL refuses the data itself.</summary>
    Unstorable,
}
