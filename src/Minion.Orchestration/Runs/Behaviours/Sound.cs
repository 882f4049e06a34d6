using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Behaviours;

/// <summary>
/// Asks a behaviour, and takes only what brings the run forward: one that throws, repeats a step or waits for nothing ends the run with a
/// reason, so that with the limit of steps every run ends.
/// </summary>
internal static class Sound
{
    /// <summary>Children that are started at once, at most.</summary>
    public const int MostChildren = 500;

    /// <summary>Characters of a label or a purpose, at most.</summary>
    public const int LongestWord = 200;

    private const int MostIdleWaits = 1_000;

    public static Decision Next(IBehaviour behaviour, RunState state)
    {
        Decision? decision;
        try
        {
            decision = behaviour.Next(state);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return new Fail(
                "behaviour_failed",
                $"The behaviour '{behaviour.Name}' broke at step {state.Step + 1}: {error.GetType().Name}: {error.Message}",
                "It is an error of the behaviour: correct it and start the server again, then 'minion run retry'.");
        }

        return Objection(decision, state) is not { } objection
            ? decision!
            : new Fail(
                "behaviour_stuck",
                $"The behaviour '{behaviour.Name}' {objection}",
                "It is an error of the behaviour: correct it and start the server again, then 'minion run retry'.");
    }

    private static string? Objection(Decision? decision, RunState state) => decision switch
    {
        null => "decided nothing.",
        CallModel call when call.Step <= state.Step => $"wants to call the model as step {call.Step}, but step {state.Step} has begun; a call is a new step.",
        CallModel { Purpose.Length: > LongestWord } => $"gave a purpose of more than {LongestWord} characters.",
        CallModel { Prompt: [] } => "gave the model an empty prompt.",
        StartChildren start when start.Step <= state.Step => $"wants to start children as step {start.Step}, but step {state.Step} has begun; a start is a new step.",
        StartChildren { Children.Count: 0 } => "wants to start no children.",
        StartChildren { Children.Count: > MostChildren and var count } => $"wants to start {count} children at once; at most {MostChildren} are allowed.",
        StartChildren start when start.Children.Any(c => c.Label.Length is 0 or > LongestWord) => $"gave a child a label that has not 1 to {LongestWord} characters.",
        StartChildren start when start.Children.DistinctBy(c => c.Label).Count() < start.Children.Count => "gave two children the same label.",
        StartChildren start when start.Children.Any(c => c.Input.Length == 0) => "gave a child nothing to do: its input is empty.",
        Wait { Until: { } until } when until <= state.Now => "waits for a time that has passed.",
        Wait { Until: not null } when state.IdleWaits >= MostIdleWaits => $"has waited {MostIdleWaits} times without beginning a step.",
        Wait { Until: null } when state.Children.All(c => c.Ended is not null) => "waits for nothing: no child runs, and it names no time.",
        _ => null,
    };
}
