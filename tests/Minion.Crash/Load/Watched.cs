using Minion.Contracts.Orchestration.V1;

namespace Minion.Crash.Load;

/// <summary>What one watcher was told of one run, over all its connections.</summary>
internal sealed class Watched(Guid run)
{
    private readonly List<string> _kinds = [];

    public Guid Run { get; } = run;

    /// <summary>The kinds of the entries, from sequence number 1 on.</summary>
    public IReadOnlyList<string> Kinds => _kinds;

    public long LastSeq => _kinds.Count;

    /// <summary>The server has closed the stream as complete.</summary>
    public bool Ended { get; set; }

    /// <summary>What was told out of order, twice, or with a gap; null when nothing was.</summary>
    public string? Disorder { get; private set; }

    public void Tell(Entry entry)
    {
        if (entry.Seq != LastSeq + 1)
        {
            Disorder ??= $"run {Run}: entry {entry.Seq} came after {LastSeq}";
            return;
        }

        _kinds.Add(KindOf(entry.KindCase));
    }

    /// <summary>For the check of the check: tells the last entry again. Returns what undoes that.</summary>
    public Action TellTwice()
    {
        Tell(new Entry { Seq = LastSeq });
        return () => Disorder = null;
    }

    private static string KindOf(Entry.KindOneofCase kind) => kind switch
    {
        Entry.KindOneofCase.AttemptFailed => "attempt_failed",
        Entry.KindOneofCase.ChildStarted => "child_started",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
