using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>Carries out a round of tool calls: intents first, then all at the same time, each outcome durable as soon as it is there.</summary>
internal sealed class ToolCalling(RunContexts contexts, ToolStep toolStep, RunWriter writer)
{
    /// <summary>Whether the run goes on with this worker.</summary>
    public async Task<bool> CallAsync(Work work, CallTools decision)
    {
        var held = work.Held;
        var context = await contexts.ForAsync(held, work.Effects);
        if (context.Failure is { } failure)
        {
            return await writer.EndAsync(work, failure);
        }

        foreach (var call in decision.Calls.Where(c => toolStep.NeedsIntent(context, c)))
        {
            work.Record(toolStep.Intent(held, context, call));
        }

        if (!await writer.FlushAsync(work, Transition.Continue))
        {
            return false;
        }

        // The intents may have taken longer to write than the lease lasted.
        if (!held.Lease.Holds)
        {
            held.Drop();
            return false;
        }

        work.ExpectProgress();
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
                        work.Record(outcome);
                        work.ExpectProgress();
                    }
                }

                // Those that are done do not wait for the slow ones to become durable.
                if (running.Count > 0 && work.Pending.Count > 0 && !await writer.FlushAsync(work, Transition.Continue))
                {
                    return false;
                }
            }

            return true;
        }
        finally
        {
            await ((Task)Task.WhenAll(running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            work.ExpectNothing();
        }
    }
}
