using Microsoft.Extensions.Logging;
using Minion.Models;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;
using Npgsql;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>Carries out a model call that a tool needs. When there is no answer the call fails, and the agent's model sees why.</summary>
internal sealed class CallHelping(RunContexts contexts, HelpStep helpStep, RunWriter writer, TimeProvider time, ILogger<CallHelping> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Whether the run goes on with this worker.</summary>
    public async Task<bool> HelpAsync(Work work, HelpCall decision)
    {
        var held = work.Held;
        var context = await contexts.ForAsync(held, work.Effects);
        if (context.Failure is { } failure)
        {
            return await writer.EndAsync(work, failure);
        }

        // What the call needs must be durable before the model is asked.
        if (!await writer.FlushAsync(work, Transition.Continue))
        {
            return false;
        }

        var call = decision.Call;
        try
        {
            work.ExpectProgress();
            work.Record(await helpStep.AnswerAsync(held, context, call, work.Effects));
        }
        catch (ModelException error) when (error.InnerException is NpgsqlException && time.GetStoredNow() < held.Run.Deadline)
        {
            EngineLog.DatabaseAwaited(logger, held.Run.Id, error.Message);
            await Task.Delay(Pause, time, work.Effects);
        }
        catch (ModelException) when (time.GetStoredNow() >= held.Run.Deadline - Timeouts.TimerTolerance)
        {
            return await writer.EndAsync(work, Timeouts.TimedOut(held.Run), call.Step);
        }
        catch (ModelException error)
        {
            var now = time.GetStoredNow();
            var why = new CallFailure("model_unavailable", $"'{call.Request.Tool}' asked for the help of a model, which did not answer: {error.Message}", error.Hint);
            work.Record(new Entry(
                0, call.Step, call.Request.Call, Math.Max(1, call.Attempts), new CallReturned(call.Request.Tool, Result: null, why), now, now));
        }
        catch (OperationCanceledException) when (time.GetStoredNow() >= held.Run.Deadline && !held.Effects.IsCancellationRequested)
        {
            return await writer.EndAsync(work, Timeouts.TimedOut(held.Run), call.Step);
        }
        finally
        {
            work.ExpectNothing();
        }

        return true;
    }
}
