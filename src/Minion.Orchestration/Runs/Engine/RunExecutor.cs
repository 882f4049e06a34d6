using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Minion.Models;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Composing;
using Minion.Orchestration.Runs.Journal;
using Minion.ServiceDefaults.Telemetry;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>
/// Carries out what the behaviour decides, one held run at a time: decide, act, append, again. What was achieved is durable before the
/// next effect begins, so a finished call is never made again.
/// </summary>
internal sealed class RunExecutor(
    RunContexts contexts,
    ModelStep modelStep,
    ToolStep toolStep,
    Appender appender,
    ClaimStore claims,
    Expiry expiry,
    TimeProvider time,
    MinionTelemetry telemetry,
    ILogger<RunExecutor> logger)
{
    /// <summary>How much earlier than asked a timer may fire.</summary>
    private static readonly TimeSpan TimerTolerance = TimeSpan.FromMilliseconds(50);

    /// <summary>Executes the run until it ends, waits, is lost, or <paramref name="drain"/> asks to hand it back.</summary>
    /// <param name="held">The run.</param>
    /// <param name="drain">No new effect begins; the run is handed back between two calls.</param>
    /// <param name="abort">The grace time is over: the call under way is given up too.</param>
    public async Task ExecuteAsync(HeldRun held, CancellationToken drain, CancellationToken abort)
    {
        var run = held.Run;
        using var span = telemetry.StartAgent(run.Agent, run.AgentVersion, run.Id.ToString(), run.SessionId?.ToString(), run.Tenant, held.Parent);
        using var effects = CancellationTokenSource.CreateLinkedTokenSource(held.Effects, abort);
        var work = new Work(held, span, effects.Token, drain);
        try
        {
            await LoopAsync(work, abort);
        }
        catch (OperationCanceledException) when (held.Dropped || abort.IsCancellationRequested)
        {
            EngineLog.RunLeft(logger, run.Id);
        }
        catch (Exception unexpected) when (unexpected is not OperationCanceledException)
        {
            EngineLog.RunBroke(logger, unexpected, run.Id);
            await EndAsync(work, new Fail(
                "internal_error", $"The server met an error of its own (run {run.Id}).", "The server's log has it under the run's id. 'minion run retry' goes on from here."));
        }
    }

    private async Task LoopAsync(Work work, CancellationToken abort)
    {
        var held = work.Held;
        if (held.Behaviour is null)
        {
            await EndAsync(work, new Fail(
                "unknown_behaviour", $"This release has no behaviour '{held.Run.Behaviour}', with which the run began.", "Run a release that has it."));
            return;
        }

        while (!held.Dropped)
        {
            FoldSignals(work);
            var decision = Rules.Next(held.Behaviour, held.State);
            if (work.Drain.IsCancellationRequested && decision is not (Finish or Fail or Stop))
            {
                await FlushAsync(work, Transition.Release);
                return;
            }

            try
            {
                if (!await CarryOutAsync(work, decision))
                {
                    return;
                }
            }
            catch (OperationCanceledException) when (!held.Dropped && held.Effects.IsCancellationRequested)
            {
                // A cancel has come: it is folded, and decided upon, at the top of the loop.
            }
            catch (OperationCanceledException) when (!held.Dropped && abort.IsCancellationRequested)
            {
                await FlushAsync(work, Transition.Release);
                return;
            }
        }
    }

    /// <summary>Whether the run goes on with this worker.</summary>
    private async Task<bool> CarryOutAsync(Work work, Decision decision)
    {
        var held = work.Held;
        if (decision is CallModel or CallTools)
        {
            if (time.GetStoredNow() >= held.Run.Deadline)
            {
                return await EndAsync(work, TimedOut(held.Run));
            }

            if (!held.Lease.Holds)
            {
                held.Drop();
                return false;
            }
        }

        switch (decision)
        {
            case CallModel call:
                return await CallModelAsync(work, call);
            case CallTools calls:
                return await CallToolsAsync(work, calls);
            case Ask ask:
                foreach (var call in ask.Calls)
                {
                    Record(work, Questions.About(call, time.GetStoredNow()));
                }

                return true;
            case Expire expire:
                foreach (var call in expire.Calls)
                {
                    await ExpireAsync(work, call);
                }

                return true;
            case Settle settle:
                Record(work, new Entry(0, settle.Call.Step, settle.Call.Request.Call, settle.Call.Attempts, settle.Outcome, time.GetStoredNow(), time.GetStoredNow()));
                return true;
            case Wait:
                return await FlushAsync(work, Transition.Wait);
            default:
                return await EndAsync(work, decision);
        }
    }

    private async Task<bool> CallModelAsync(Work work, CallModel call)
    {
        var held = work.Held;
        var context = await contexts.ForAsync(held, work.Effects);
        if (context.Failure is { } failure)
        {
            return await EndAsync(work, failure);
        }

        if (held.State.Context is null)
        {
            Record(work, new Entry(0, 0, 0, 0, context.Recorded(held.Run), time.GetStoredNow(), time.GetStoredNow()));
        }

        // What earlier calls brought must be durable before the next effect; the context alone may go with the answer.
        if (work.Pending.Exists(e => e.Payload is not ContextRecorded) && !await FlushAsync(work, Transition.Continue))
        {
            return false;
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Record(work, await modelStep.AnswerAsync(held, context, call, attempt, work.Effects));
                return true;
            }
            catch (ModelException error) when (error.Retryable && attempt < ModelStep.MaxAttempts && held.Feed.HasText)
            {
                // Before its first token the gateway has tried already. After it, only the run can start over, because watchers have seen text.
                Record(work, new Entry(
                    0, call.Step, 0, attempt, new AttemptFailed($"model_{error.Reason.ToLowerInvariant()}", error.Message), time.GetStoredNow(), time.GetStoredNow()));
                if (!await FlushAsync(work, Transition.Continue))
                {
                    return false;
                }
            }
            catch (ModelException error) when (error.Kind == ModelErrorKind.TimedOut && time.GetStoredNow() >= held.Run.Deadline - TimerTolerance)
            {
                return await EndAsync(work, TimedOut(held.Run), call.Step);
            }
            catch (ModelException error)
            {
                return await EndAsync(work, new Fail($"model_{error.Reason.ToLowerInvariant()}", error.Message, error.Hint), call.Step);
            }
            catch (OperationCanceledException) when (time.GetStoredNow() >= held.Run.Deadline && !held.Effects.IsCancellationRequested)
            {
                return await EndAsync(work, TimedOut(held.Run), call.Step);
            }
        }
    }

    private async Task<bool> CallToolsAsync(Work work, CallTools decision)
    {
        var held = work.Held;
        var context = await contexts.ForAsync(held, work.Effects);
        if (context.Failure is { } failure)
        {
            return await EndAsync(work, failure);
        }

        foreach (var call in decision.Calls.Where(c => toolStep.NeedsIntent(context, c)))
        {
            Record(work, toolStep.Intent(held, context, call));
        }

        if (!await FlushAsync(work, Transition.Continue))
        {
            return false;
        }

        // The intents may have taken longer to write than the lease lasted.
        if (!held.Lease.Holds)
        {
            held.Drop();
            return false;
        }

        var running = decision.Calls.Select(c => toolStep.CallAsync(held, context, c, work.Effects)).ToList();
        try
        {
            while (running.Count > 0)
            {
                await Task.WhenAny(running);
                foreach (var done in running.FindAll(t => t.IsCompleted))
                {
                    running.Remove(done);
                    if (await done is { } outcome)
                    {
                        Record(work, outcome);
                    }
                }

                // Those that are done do not wait for the slow ones to become durable.
                if (running.Count > 0 && work.Pending.Count > 0 && !await FlushAsync(work, Transition.Continue))
                {
                    return false;
                }
            }

            return true;
        }
        finally
        {
            await ((Task)Task.WhenAll(running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Ends the time of a question, unless its answer came first.</summary>
    private async Task ExpireAsync(Work work, CallState call)
    {
        var held = work.Held;
        if (await expiry.EndAsync(held, call, work.Effects) is { } expired)
        {
            var now = time.GetStoredNow();
            Record(work, new Entry(0, call.Step, call.Request.Call, call.Attempts, expired, now, now));
            return;
        }

        held.Deliver(await claims.SignalsAsync([held.Run.Id], work.Effects));
        FoldSignals(work);
    }

    private async Task<bool> EndAsync(Work work, Decision end, int step = 0)
    {
        var now = time.GetStoredNow();
        var (payload, transition) = Ends.Of(end);
        Record(work, new Entry(0, step, 0, 0, payload, now, now));
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

    /// <summary>Makes the pending entries durable with a transition. Returns whether the run goes on with this worker.</summary>
    private async Task<bool> FlushAsync(Work work, Transition transition)
    {
        var held = work.Held;
        if (work.Pending.Count == 0 && transition == Transition.Continue)
        {
            return true;
        }

        var append = Ends.Append(held, work.FirstPending, [.. work.Pending], transition, time.GetStoredNow());
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
        if (result == AppendResult.WaitRefused)
        {
            held.Deliver(await claims.SignalsAsync([held.Run.Id], CancellationToken.None));
            return true;
        }

        return transition == Transition.Continue;
    }

    /// <summary>Whole results are durable now; the fold goes on with what the model sees of them.</summary>
    private static void Release(List<Entry> entries)
    {
        foreach (var whole in entries.Select(e => (e.Payload as CallReturned)?.Whole).OfType<WholeResult>())
        {
            whole.Text = null;
        }
    }

    private void FoldSignals(Work work)
    {
        while (work.Held.TryTakeSignal(out var signal))
        {
            Record(work, new Entry(0, 0, 0, 0, signal!.Signal, signal.At, time.GetStoredNow()));
        }
    }

    /// <summary>Folds an entry in; it becomes durable with the next flush.</summary>
    private static void Record(Work work, Entry entry)
    {
        entry = entry with
        {
            Seq = work.Held.State.LastSeq + 1,
            Usage = entry.Usage == default ? EntryRow.UsageOf(entry.Payload) : entry.Usage,
            TraceId = Activity.Current?.TraceId.ToString(),
        };
        work.Held.State.Apply(entry);
        work.Pending.Add(entry);
    }

    private static Fail TimedOut(ClaimedRun run) => new(
        "timed_out",
        $"The run did not end within its timeout of {run.Limits.Timeout:c}.",
        "Raise limits.timeout of the agent. 'minion run retry' continues it with as much time again.");

    private sealed record Work(HeldRun Held, AgentSpan Span, CancellationToken Effects, CancellationToken Drain)
    {
        /// <summary>Folded, not yet durable.</summary>
        public List<Entry> Pending { get; } = [];

        /// <summary>The sequence number that the next append begins with.</summary>
        public long FirstPending => Held.State.LastSeq + 1 - Pending.Count;
    }
}
