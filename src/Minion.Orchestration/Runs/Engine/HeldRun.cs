using System.Collections.Concurrent;
using System.Diagnostics;
using Minion.Contracts.Callers;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Composing;
using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Runs.Watching;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>A run that this worker holds, from claim to the end, a wait or the loss of the lease.</summary>
internal sealed class HeldRun : IDisposable
{
    private readonly ConcurrentQueue<StoredSignal> _signals = new();
    private readonly CancellationTokenSource _effects = new();
    private readonly LiveFeeds.Handle _feed;
    private long _delivered;
    private int _missed;

    public HeldRun(ClaimedRun run, IBehaviour? behaviour, Lease lease, LiveFeeds.Handle feed, IEnumerable<Entry> entries, ActivityContext parent = default)
    {
        Run = run;
        Lease = lease;
        _feed = feed;
        Parent = parent;
        Behaviour = behaviour;
        State = new RunState(run.Id, run.Limits, run.CreatedAt, run.Input, run.Options) { IsTainted = run.IsTainted };
        foreach (var entry in entries)
        {
            State.Apply(entry);
        }
    }

    public ClaimedRun Run { get; private set; }

    public Lease Lease { get; }

    /// <summary>What the run's watchers in this process are told.</summary>
    public LiveFeed Feed => _feed.Feed;

    /// <summary>The span of the request that submitted the run; default when it was claimed later.</summary>
    public ActivityContext Parent { get; }

    /// <summary>Null when the run began with a behaviour that this release does not have.</summary>
    public IBehaviour? Behaviour { get; }

    public RunState State { get; }

    /// <summary>Which state of its model the submission saw; null when the run was claimed later.</summary>
    public ModelStamp? Model { get; init; }

    /// <summary>The prompts of its model calls.</summary>
    public Conversation Conversation { get; } = new();

    /// <summary>Definitions and history that the run works with, once they have been read.</summary>
    public RunContext? Context { get; set; }

    /// <summary>Set when the run is another worker's now, or may be: nothing more is done for it.</summary>
    public bool Dropped { get; private set; }

    /// <summary>Cancelled when the call under way is of no use any more.</summary>
    public CancellationToken Effects => _effects.Token;

    /// <summary>The number of the last signal that has reached this worker.</summary>
    public long DeliveredSignals => Math.Max(Volatile.Read(ref _delivered), State.SignalSeq);

    /// <summary>In whose name the run's calls are made.</summary>
    public Caller Caller => new(Run.Tenant, Run.Principal, Run.Permissions);

    /// <summary>Brings signals, in order; those that are known already are left out. A cancel stops the call under way.</summary>
    public void Deliver(IEnumerable<StoredSignal> signals)
    {
        var cancel = false;
        lock (_signals)
        {
            foreach (var signal in signals.Where(s => s.Signal.SignalSeq > DeliveredSignals))
            {
                _signals.Enqueue(signal);
                Volatile.Write(ref _delivered, signal.Signal.SignalSeq);
                cancel |= signal.Signal.Signal == SignalReceived.Cancel;
            }
        }

        if (cancel)
        {
            Cancel();
        }
    }

    public bool TryTakeSignal(out StoredSignal? signal) => _signals.TryDequeue(out signal);

    /// <summary>Tells watchers what a tool says while it works.</summary>
    public void Say(int step, int call, string tool, string text) =>
        Feed.Output(new LiveOutput(new OutputPosition(Run.Epoch, 0), Run.NextSeq - 1, step, call, tool, StoredText.Clean(text)));

    /// <summary>Notes that the database did not know this worker as the holder; true from the second time on.</summary>
    public bool MissedOnce() => Interlocked.Increment(ref _missed) > 1;

    /// <summary>The run may go on for longer: time that it waited for people is not counted.</summary>
    public void MoveDeadline(DateTimeOffset deadline) => Run = Run with { Deadline = deadline };

    public void Drop()
    {
        Dropped = true;
        Cancel();
    }

    public void Dispose()
    {
        _feed.Dispose();
        _effects.Dispose();
        Conversation.Dispose();
    }

    private void Cancel()
    {
        try
        {
            _effects.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The run has just ended.
        }
    }
}
