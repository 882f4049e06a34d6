using Microsoft.Extensions.Logging;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;
using Minion.ServiceDefaults.Telemetry;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>
/// Carries out what the behaviour decides, one held run at a time: decide, act, append, again. What was achieved is durable before the
/// next effect begins, so a finished call is never made again.
/// </summary>
internal sealed class RunExecutor(
    ModelCalling models,
    ToolCalling tools,
    CallHelping helping,
    ChildStarting children,
    Waiting waiting,
    Expiry expiry,
    Outages outages,
    SignalReader signals,
    RunWriter writer,
    Timeouts timeouts,
    TimeProvider time,
    MinionTelemetry telemetry,
    ILogger<RunExecutor> logger)
{
    /// <summary>Executes the run until it ends, waits, is lost, or <paramref name="drain"/> asks to hand it back.</summary>
    /// <param name="held">The run.</param>
    /// <param name="drain">No new effect begins; the run is handed back between two calls.</param>
    /// <param name="abort">The grace time is over: the call under way is given up too.</param>
    public async Task ExecuteAsync(HeldRun held, CancellationToken drain, CancellationToken abort)
    {
        var run = held.Run;
        using var span = telemetry.StartAgent(run.Agent, run.AgentVersion, run.Id.ToString(), run.SessionId?.ToString(), run.Tenant, held.Parent);
        using var work = new Work(held, span, drain, abort, time);
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
            await writer.EndAsync(work, new Fail(
                "internal_error", $"The server met an error of its own (run {run.Id}).", "The server's log has it under the run's id. 'minion run retry' goes on from here."));
        }
    }

    private async Task LoopAsync(Work work, CancellationToken abort)
    {
        var held = work.Held;
        if (held.Behaviour is null)
        {
            await writer.EndAsync(work, new Fail(
                "unknown_behaviour", $"This release has no behaviour '{held.Run.Behaviour}', with which the run began.", "Run a release that has it."));
            return;
        }

        while (!held.Dropped)
        {
            FoldSignals(work);
            var decision = Rules.Next(held.Behaviour, held.State);
            if (work.Drain.IsCancellationRequested && decision is not (Finish or Fail or Stop))
            {
                await writer.FlushAsync(work, Transition.Release);
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
            catch (OperationCanceledException) when (!held.Dropped && work.IsIdle)
            {
                await writer.EndAsync(work, Timeouts.Idle(held.Run));
                return;
            }
            catch (OperationCanceledException) when (!held.Dropped && abort.IsCancellationRequested)
            {
                await writer.FlushAsync(work, Transition.Release);
                return;
            }
        }
    }

    /// <summary>Whether the run goes on with this worker.</summary>
    private async Task<bool> CarryOutAsync(Work work, Decision decision)
    {
        var held = work.Held;
        if (decision is CallModel or CallTools or HelpCall or StartChildren)
        {
            if (await timeouts.AreOverAsync(held))
            {
                return await writer.EndAsync(work, Timeouts.TimedOut(held.Run));
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
                return await models.CallAsync(work, call);
            case CallTools calls:
                return await tools.CallAsync(work, calls);
            case HelpCall help:
                return await helping.HelpAsync(work, help);
            case StartChildren start:
                return await children.StartAsync(work, start);
            case Ask ask:
                foreach (var call in ask.Calls)
                {
                    work.Record(Questions.About(call, time.GetStoredNow()));
                }

                return true;
            case Expire expire:
                foreach (var call in expire.Calls)
                {
                    await ExpireAsync(work, call);
                }

                return true;
            case Settle settle:
                work.Record(new Entry(0, settle.Call.Step, settle.Call.Request.Call, settle.Call.Attempts, settle.Outcome, time.GetStoredNow(), time.GetStoredNow()));
                return true;
            case Wait wait:
                return await waiting.WaitAsync(work, wait);
            default:
                return await writer.EndAsync(work, decision);
        }
    }

    /// <summary>Ends the time of a question, unless its answer came first.</summary>
    private async Task ExpireAsync(Work work, CallState call)
    {
        var held = work.Held;
        if (await expiry.EndAsync(held, call, work.Effects) is { } expired)
        {
            var now = time.GetStoredNow();
            work.Record(new Entry(0, call.Step, call.Request.Call, call.Attempts, expired, now, now));
            return;
        }

        held.Deliver(await outages.WaitOutAsync(held, () => signals.AfterAsync([(held.Run.Id, held.DeliveredSignals)], work.Effects), work.Effects));
        FoldSignals(work);
    }

    private void FoldSignals(Work work)
    {
        while (work.Held.TryTakeSignal(out var signal))
        {
            work.Record(signal!.ToEntry(time.GetStoredNow()));
        }
    }
}
