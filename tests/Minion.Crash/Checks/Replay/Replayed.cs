using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Crash.Checks.Replay;

/// <summary>
/// A run that is decided upon again. What comes from outside (signals, times, ends of children) is taken as it is recorded; everything else must be
/// what the rules decide where the journal has it.
/// </summary>
internal sealed class Replayed(IBehaviour behaviour, RunState state)
{
    // The outcomes of calls that were made together come one by one, and what is decided between them may be something else.
    private readonly HashSet<(int Step, int Call)> _underWay = [];

    /// <summary>Takes the next entry; says what was decided instead, or null when it is as decided.</summary>
    public string? Take(Entry entry)
    {
        var decision = Rules.Next(behaviour, state);
        if (decision is CallTools { Calls: var calls })
        {
            _underWay.UnionWith(calls.Select(c => (c.Step, c.Request.Call)));
        }

        var isAsDecided = IsAsDecided(entry, decision);
        state.Apply(entry);
        return isAsDecided ? null : $"decided was {Describe(decision)}";
    }

    private bool IsAsDecided(Entry entry, Decision decision) => entry.Payload switch
    {
        SignalReceived or TimeReached or ChildEnded => true,
        ContextRecorded => decision is CallModel or CallTools,
        ModelAnswered => decision is CallModel call && call.Step == entry.Step,
        AttemptFailed when entry.Call == 0 && decision is CallModel call => call.Step == entry.Step,
        AttemptFailed or CallIntended => _underWay.Contains((entry.Step, entry.Call)),
        CallReturned { DecidedBy: CallReturned.ByTool } => _underWay.Remove((entry.Step, entry.Call)),
        CallReturned outcome => decision is Settle settle && settle.Call.Request.Call == entry.Call && settle.Outcome == outcome,
        QuestionAsked => decision is Ask ask && ask.Calls.Any(c => (c.Step, c.Request.Call) == (entry.Step, entry.Call)),
        QuestionExpired => decision is Expire,
        ChildStarted child => decision is StartChildren start
            && start.Step == entry.Step && start.Children.Any(c => (c.Agent, c.Input, c.Label) == (child.Agent, child.Input, child.Label)),
        RunCompleted completed => decision is Finish finish && StoredText.Clean(finish.Output) == completed.Output,
        RunCancelled => decision is Stop,
        // A run fails by what happens to it, too.
        RunFailed => true,
        _ => false,
    };

    private static string Describe(Decision decision) => decision switch
    {
        CallModel call => $"to call the model in step {call.Step}",
        CallTools calls => $"to make the calls {string.Join(", ", calls.Calls.Select(c => $"{c.Step}.{c.Request.Call}"))}",
        Finish finish => $"to finish with '{finish.Output}'",
        _ => decision.ToString(),
    };
}
