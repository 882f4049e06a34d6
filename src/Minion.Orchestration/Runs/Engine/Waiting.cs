using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>
/// Lets a run wait: as a row that holds nothing. It goes on with the next signal, or when its time has come. Waiting for a person is not
/// counted; waiting for anything else ends with the run's timeout.
/// </summary>
internal sealed class Waiting(RunWriter writer, Timeouts timeouts, TimeProvider time)
{
    private static readonly Fail Stuck = new(
        "behaviour_stuck", "The behaviour waits for a time that it has been told has come.", "This is an error of the behaviour.");

    /// <summary>Whether the run goes on with this worker.</summary>
    public async Task<bool> WaitAsync(Work work, Wait wait)
    {
        var held = work.Held;
        var now = time.GetStoredNow();
        if (wait.Until <= now)
        {
            if (work.TimeReachedAt == held.State.LastSeq)
            {
                return await writer.EndAsync(work, Stuck);
            }

            work.Record(new Entry(0, 0, 0, 0, new TimeReached(), now, now));
            work.TimeReachedAt = held.State.LastSeq;
            return true;
        }

        var isPaused = wait.Questions.Count > 0 || Questions.Open(held.State).Count > 0;
        if (!isPaused && await timeouts.AreOverAsync(held))
        {
            return await writer.EndAsync(work, Timeouts.TimedOut(held.Run));
        }

        var wakeAt = isPaused ? wait.Until : wait.Until < held.Run.Deadline ? wait.Until : held.Run.Deadline;
        return await writer.FlushAsync(work, Transition.Wait, wakeAt, isPaused);
    }
}
