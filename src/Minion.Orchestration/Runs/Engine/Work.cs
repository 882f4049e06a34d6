using System.Diagnostics;
using Minion.Orchestration.Runs.Journal;
using Minion.ServiceDefaults.Telemetry;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>A held run while it is executed: what is folded in and not yet durable, and what stops its calls.</summary>
internal sealed class Work : IDisposable
{
    private readonly CancellationTokenSource? _idle;
    private readonly CancellationTokenSource _effects;
    private readonly TimeSpan _patience;

    public Work(HeldRun held, AgentSpan span, CancellationToken drain, CancellationToken abort, TimeProvider time)
    {
        Held = held;
        Span = span;
        Drain = drain;
        _patience = held.Run.Limits.IdleTimeout;
        _idle = _patience > TimeSpan.Zero ? new CancellationTokenSource(Timeout.InfiniteTimeSpan, time) : null;
        _effects = CancellationTokenSource.CreateLinkedTokenSource(held.Effects, abort, _idle?.Token ?? CancellationToken.None);
    }

    public HeldRun Held { get; }

    public AgentSpan Span { get; }

    /// <summary>Cancelled when the calls under way are to be given up.</summary>
    public CancellationToken Effects => _effects.Token;

    /// <summary>No new effect begins.</summary>
    public CancellationToken Drain { get; }

    /// <summary>Whether the calls under way brought nothing for too long.</summary>
    public bool IsIdle => _idle?.IsCancellationRequested == true;

    /// <summary>Folded, not yet durable.</summary>
    public List<Entry> Pending { get; } = [];

    /// <summary>Children that the pending entries start.</summary>
    public List<ChildRun> PendingChildren { get; } = [];

    /// <summary>The sequence number that the next append begins with.</summary>
    public long FirstPending => Held.State.LastSeq + 1 - Pending.Count;

    /// <summary>The entry with which it was last told that a time has come; null for none.</summary>
    public long? TimeReachedAt { get; set; }

    /// <summary>Folds an entry in; it becomes durable with the next flush.</summary>
    public void Record(Entry entry)
    {
        entry = entry with
        {
            Seq = Held.State.LastSeq + 1,
            Usage = entry.Usage == default ? EntryRow.UsageOf(entry.Payload) : entry.Usage,
            TraceId = Activity.Current?.TraceId.ToString(),
        };
        Held.State.Apply(entry);
        Pending.Add(entry);
    }

    /// <summary>From now on a call must bring something within the idle timeout, where there is one.</summary>
    public void ExpectProgress() => _idle?.CancelAfter(_patience);

    /// <summary>No call is under way.</summary>
    public void ExpectNothing() => _idle?.CancelAfter(Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _effects.Dispose();
        _idle?.Dispose();
    }
}
