using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Watching;

/// <summary>What a watcher is told live.</summary>
internal abstract record LivePart;

/// <summary>Entries that have become durable, in order.</summary>
internal sealed record LiveEntries(IReadOnlyList<Entry> Entries) : LivePart;

/// <summary>More has become durable than is at hand: it is in the journal.</summary>
internal sealed record LiveBehind : LivePart
{
    public static LiveBehind One { get; } = new();
}

/// <summary>What a delta is of.</summary>
internal enum DeltaKind
{
    Text,
    Reasoning,
}

/// <summary>Text of the model call under way. <see cref="Offset"/> is where it starts in the attempt's text of its kind, in UTF-16 code units.</summary>
internal sealed record LiveDelta(CallPosition Position, int Offset, string Text, DeltaKind Kind = DeltaKind.Text) : LivePart
{
    /// <summary>What the answer is for; null for the next turn.</summary>
    public string? Purpose { get; init; }
}

/// <summary>A call that the answer under way asks for; <see cref="RequestedCall.Call"/> counts them from 0.</summary>
internal sealed record LiveCall(CallPosition Position, RequestedCall Call) : LivePart;

/// <summary>What a tool says while it works; it is shown only to who is told it between its entry before and the next one.</summary>
/// <param name="Position">Which piece of the run it is.</param>
/// <param name="Base">The last entry that was durable when it was said.</param>
/// <param name="Step">The step that the call is of.</param>
/// <param name="Call">The call within the step.</param>
/// <param name="Tool">The tool.</param>
/// <param name="Text">Lines.</param>
internal sealed record LiveOutput(OutputPosition Position, long Base, int Step, int Call, string Tool, string Text) : LivePart;

/// <summary>Counts what tools have said within a run; each worker that holds the run begins anew.</summary>
internal readonly record struct OutputPosition(long Epoch, long Number)
{
    /// <summary>Whether it was said after the other.</summary>
    public bool IsAfter(OutputPosition other) => (Epoch, Number).CompareTo((other.Epoch, other.Number)) > 0;
}

/// <summary>Which attempt of which call: text of different positions is never joined.</summary>
internal readonly record struct CallPosition(int Step, int Call, long Epoch, int Attempt)
{
    /// <summary>Whether this one takes the other's place.</summary>
    public bool IsAfter(CallPosition other) => (Step, Epoch, Attempt, Call).CompareTo((other.Step, other.Epoch, other.Attempt, other.Call)) > 0;
}
