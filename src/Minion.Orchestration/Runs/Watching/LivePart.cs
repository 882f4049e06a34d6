using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Watching;

/// <summary>What a watcher is told live.</summary>
internal abstract record LivePart;

/// <summary>Entries that have become durable, in order.</summary>
internal sealed record LiveEntries(IReadOnlyList<Entry> Entries) : LivePart;

/// <summary>Another process has made entries durable, up to this one: they are in the journal.</summary>
internal sealed record LiveCommitted(long Seq) : LivePart;

/// <summary>Text of the model call under way. <see cref="Offset"/> is where it starts in the attempt's text, in UTF-16 code units.</summary>
internal sealed record LiveDelta(CallPosition Position, int Offset, string Text) : LivePart
{
    /// <summary>Where the text goes on after it.</summary>
    public int End => Offset + Text.Length;
}

/// <summary>Which attempt of which call: text of different positions is never joined.</summary>
internal readonly record struct CallPosition(int Step, int Call, long Epoch, int Attempt)
{
    /// <summary>Whether this one takes the other's place.</summary>
    public bool IsAfter(CallPosition other) => (Step, Epoch, Attempt, Call).CompareTo((other.Step, other.Epoch, other.Attempt, other.Call)) > 0;
}
