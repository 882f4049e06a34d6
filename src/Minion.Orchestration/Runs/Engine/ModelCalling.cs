using Microsoft.Extensions.Logging;
using Minion.Models;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;
using Npgsql;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>Carries out a model call: with its context, again where that helps, and with the end of the run where it does not.</summary>
internal sealed class ModelCalling(RunContexts contexts, ModelStep modelStep, RunWriter writer, TimeProvider time, ILogger<ModelCalling> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Whether the run goes on with this worker.</summary>
    public async Task<bool> CallAsync(Work work, CallModel call)
    {
        var held = work.Held;
        var context = await contexts.ForAsync(held, work.Effects);
        if (context.Failure is { } failure)
        {
            return await writer.EndAsync(work, failure);
        }

        if (held.State.Context is null)
        {
            work.Record(new Entry(0, 0, 0, 0, context.Recorded, time.GetStoredNow(), time.GetStoredNow()));
            if (held.State.NextToSummarise is not null)
            {
                // Decided anew: the context says that something comes first.
                return true;
            }
        }

        // What earlier calls brought must be durable before the next effect; the context alone may go with the answer.
        if (work.Pending.Exists(e => e.Payload is not ContextRecorded) && !await writer.FlushAsync(work, Transition.Continue))
        {
            return false;
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                work.ExpectProgress();
                work.Record(await modelStep.AnswerAsync(held, context, call, attempt, work.Effects));
                return true;
            }
            catch (ModelException error) when (error.Retryable && attempt < ModelStep.MaxAttempts && held.Feed.HasText)
            {
                // Before its first token the gateway has tried already. After it, only the run can start over, because watchers have seen text.
                work.Record(new Entry(
                    0, call.Step, 0, attempt, new AttemptFailed($"model_{error.Reason.ToLowerInvariant()}", error.Message), time.GetStoredNow(), time.GetStoredNow()));
                if (!await writer.FlushAsync(work, Transition.Continue))
                {
                    return false;
                }
            }
            catch (ModelException error) when (error.Kind == ModelErrorKind.TimedOut && time.GetStoredNow() >= held.Run.Deadline - Timeouts.TimerTolerance)
            {
                return await writer.EndAsync(work, Timeouts.TimedOut(held.Run), call.Step);
            }
            catch (ModelException error) when (error.InnerException is NpgsqlException && time.GetStoredNow() < held.Run.Deadline)
            {
                // Budgets could not be read or reserved from. An outage of the database is waited out, and all is looked at again.
                EngineLog.DatabaseAwaited(logger, held.Run.Id, error.Message);
                await Task.Delay(Pause, time, work.Effects);
                return true;
            }
            catch (ModelException error)
            {
                return await writer.EndAsync(work, new Fail($"model_{error.Reason.ToLowerInvariant()}", error.Message, error.Hint), call.Step);
            }
            catch (OperationCanceledException) when (time.GetStoredNow() >= held.Run.Deadline && !held.Effects.IsCancellationRequested)
            {
                return await writer.EndAsync(work, Timeouts.TimedOut(held.Run), call.Step);
            }
            finally
            {
                work.ExpectNothing();
            }
        }
    }
}
