using Minion.Orchestration.Runs.Behaviours;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>Whether a run's time is over. What it, or one of its children, waited for people is not counted.</summary>
internal sealed class Timeouts(PauseStore pauses, TimeProvider time)
{
    /// <summary>How much earlier than asked a timer may fire.</summary>
    public static readonly TimeSpan TimerTolerance = TimeSpan.FromMilliseconds(50);

    /// <summary>Whether the run has had its time.</summary>
    public ValueTask<bool> AreOverAsync(HeldRun held) => time.GetStoredNow() < held.Run.Deadline ? new(result: false) : LookAgainAsync(held);

    public static Fail TimedOut(ClaimedRun run) => new(
        "timed_out",
        $"The run did not end within its timeout of {run.Limits.Timeout:c}.",
        "Raise limits.timeout of the agent. 'minion run retry' continues it with as much time again.");

    public static Fail Idle(ClaimedRun run) => new(
        "idle_timeout",
        $"Nothing came of the call under way within the idle timeout of {run.Limits.IdleTimeout:c}.",
        "Raise limits.idle_timeout of the agent, or see why the model or tool hangs. 'minion run retry' makes the step again.");

    private async ValueTask<bool> LookAgainAsync(HeldRun held)
    {
        if (held.State.Children.Count == 0)
        {
            return true;
        }

        held.MoveDeadline(await pauses.DeadlineAsync(held.Run, time.GetStoredNow(), CancellationToken.None) ?? held.Run.Deadline);
        return time.GetStoredNow() >= held.Run.Deadline - TimerTolerance;
    }
}
