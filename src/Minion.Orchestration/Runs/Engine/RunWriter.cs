using Microsoft.Extensions.Logging;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>Makes what a run has brought durable, and says whether the run goes on with this worker.</summary>
internal sealed class RunWriter(Appender appender, SignalReader signals, WakeUps wakeUps, TimeProvider time, ILogger<RunWriter> logger)
{
    /// <summary>Makes the pending entries durable with a transition. Returns whether the run goes on with this worker.</summary>
    public async Task<bool> FlushAsync(Work work, Transition transition, DateTimeOffset? wakeAt = null, bool isPaused = false)
    {
        var held = work.Held;
        if (work.Pending.Count == 0 && transition == Transition.Continue)
        {
            return true;
        }

        var append = Ends.Append(held, work.FirstPending, [.. work.Pending], transition, time.GetStoredNow()) with
        {
            WakeAt = wakeAt,
            IsPaused = isPaused,
            Children = [.. work.PendingChildren],
        };
        var result = await appender.AppendAsync(append, CancellationToken.None);
        if (result == AppendResult.Unstorable)
        {
            append = Ends.Append(held, work.FirstPending, [Ends.Unstorable(held, work.FirstPending, time.GetStoredNow())], Transition.Fail, time.GetStoredNow());
            result = await appender.AppendAsync(append, CancellationToken.None);
            transition = Transition.Fail;
        }

        if (result is AppendResult.Fenced or AppendResult.Unstorable)
        {
            EngineLog.RunFenced(logger, held.Run.Id, held.Run.Epoch);
            held.Drop();
            return false;
        }

        held.Feed.Committed(append.Entries);
        Release(work.Pending);
        work.Pending.Clear();
        work.PendingChildren.Clear();
        if (append.Children.Count > 0 || append.EndsTurn || append.Others.Any())
        {
            wakeUps.WakeAll();
        }

        if (result == AppendResult.WaitRefused)
        {
            held.Deliver(await signals.AfterAsync([(held.Run.Id, held.DeliveredSignals)], CancellationToken.None));
            return true;
        }

        return transition == Transition.Continue;
    }

    private static string? PartialOf(HeldRun held)
    {
        var text = StoredText.Clean(held.Feed.TextAfter(held.State.LastTurn?.Step ?? 0));
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    /// <summary>Whole results are durable now; the fold goes on with what the model sees of them.</summary>
    private static void Release(List<Entry> entries)
    {
        foreach (var whole in entries.Select(e => (e.Payload as CallReturned)?.Whole).OfType<WholeResult>())
        {
            whole.Text = null;
        }
    }

    /// <summary>Ends the run. Returns false: it does not go on.</summary>
    public async Task<bool> EndAsync(Work work, Decision end, int step = 0)
    {
        var now = time.GetStoredNow();
        var (payload, transition) = Ends.Of(end, end is Stop ? PartialOf(work.Held) : null);
        work.Record(new Entry(0, step, 0, 0, payload, now, now));
        if (await FlushAsync(work, transition) || work.Held.Dropped)
        {
            return false;
        }

        switch (end)
        {
            case Finish:
                work.Span.Succeed();
                break;
            case Fail fail:
                work.Span.Fail(fail.Reason);
                break;
            case Stop:
                work.Span.Cancel();
                break;
        }

        return false;
    }
}
