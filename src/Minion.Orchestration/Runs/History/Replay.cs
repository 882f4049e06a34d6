using System.Globalization;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.History;

/// <summary>Where this release decides otherwise than a journal says.</summary>
internal sealed record ReplayDivergence(long Seq, int Step, string Recorded, string Now);

/// <summary>What came of a replay: entries checked, prompts compared, the first divergence.</summary>
internal sealed record ReplayResult(long Entries, int Prompts, ReplayDivergence? Divergence);

/// <summary>
/// Takes the decisions of this release over a journal, with the recorded outcomes, and compares them with what the journal says was done. Pure. A journal
/// does not tell where its run was interrupted, so an entry may follow from the last decision or from a new one.
/// </summary>
internal static class Replay
{
    /// <summary>Failures that an effect brought, or that the engine found around it; no decision.</summary>
    private static readonly HashSet<string> OfTheEngine = new(StringComparer.Ordinal)
    {
        "timed_out", "idle", "idle_timeout", "internal_error", "unstorable", "unknown_model", "unknown_tool", "unknown_behaviour", "tools_unavailable",
    };

    /// <param name="run">The run.</param>
    /// <param name="behaviour">What decides.</param>
    /// <param name="entries">Its journal, with all texts.</param>
    /// <param name="promptHash">The hash of the prompt that a model call has in a state; null to leave prompts out.</param>
    public static ReplayResult Of(RecordedRun run, IBehaviour behaviour, IReadOnlyList<Entry> entries, Func<CallModel, RunState, string>? promptHash)
    {
        var state = run.NewState();
        var prompts = 0;
        Decision? current = null;
        foreach (var entry in entries)
        {
            var follows = current is not null && Follows(current, entry);
            if (IsGiven(entry.Payload) || (run.IsFork && !follows && IsTakenOver(state, entry)))
            {
                state.Apply(entry);
                current = entry.Payload is ContextRecorded ? current : null;
                continue;
            }

            if (!follows)
            {
                current = Rules.Next(behaviour, state);
                if (!Follows(current, entry))
                {
                    return new ReplayResult(entry.Seq, prompts, new ReplayDivergence(entry.Seq, StepOf(entry, state), Decisions.Describe(entry), Decisions.Describe(current)));
                }
            }

            if (entry.Payload is ModelAnswered answer && current is CallModel call && promptHash is not null)
            {
                prompts++;
                var now = promptHash(call, state);
                if (!string.Equals(now, answer.PromptHash, StringComparison.Ordinal))
                {
                    return new ReplayResult(entry.Seq, prompts, new ReplayDivergence(entry.Seq, entry.Step, $"a prompt with the hash {answer.PromptHash}", $"a prompt with the hash {now}"));
                }
            }

            state.Apply(entry);
            current = IsDone(entry.Payload) ? null : current;
        }

        return new ReplayResult(entries.Count, prompts, Divergence: null);
    }

    /// <summary>What comes from outside, or goes before an effect: no decision leads to it.</summary>
    private static bool IsGiven(EntryPayload payload) => payload is not
        (ModelAnswered or ModelHelped or InputAsked or CallIntended or CallReturned or AttemptFailed or QuestionAsked or ChildStarted or RunCompleted or RunFailed or RunCancelled);

    /// <summary>
    /// Whether it may be what came of a call after the point that a fork begins at: the fork has the outcome, and not what a person had said in between.
    /// </summary>
    private static bool IsTakenOver(RunState state, Entry entry) =>
        entry.Payload is CallReturned { DecidedBy: CallReturned.ByTool }
        && state.OpenCalls.Any(c => (c.Step, c.Request.Call) == (entry.Step, entry.Call) && (c.Intent is not null || c.Input is not null));

    /// <summary>Whether nothing more can follow from the decision that led to it.</summary>
    private static bool IsDone(EntryPayload payload) => payload is
        ModelAnswered or ModelHelped or RunCompleted or RunFailed or RunCancelled or CallReturned { DecidedBy: not CallReturned.ByTool };

    private static bool Follows(Decision decision, Entry entry) => (decision, entry.Payload) switch
    {
        (CallModel call, ModelAnswered answer) => call.Step == entry.Step && call.Purpose == answer.Purpose,
        (CallModel call, AttemptFailed) => call.Step == entry.Step,
        (CallTools calls, CallIntended or CallReturned or AttemptFailed or InputAsked) => Has(calls.Calls, entry),
        (HelpCall help, ModelHelped or CallReturned) => Has([help.Call], entry),
        (Settle settle, CallReturned outcome) => Has([settle.Call], entry) && Same(settle.Outcome, outcome),
        (Ask ask, QuestionAsked) => Has(ask.Calls, entry),
        (StartChildren start, ChildStarted child) => start.Step == entry.Step && entry.Call < start.Children.Count && Same(start.Children[entry.Call], child),
        (Finish finish, RunCompleted completed) => StoredText.Clean(finish.Output) == completed.Output,
        (Fail fail, RunFailed failed) => fail.Reason == failed.Reason,
        (Stop, RunCancelled) => true,
        (not (Finish or Fail or Stop), RunFailed failed) => OfTheEngine.Contains(failed.Reason) || failed.Reason.StartsWith("model_", StringComparison.Ordinal),
        _ => false,
    };

    private static bool Has(IReadOnlyList<CallState> calls, Entry entry) =>
        calls.Any(c => (c.Step, c.Request.Call) == (entry.Step, entry.Call) && c.Outcome is null);

    private static bool Same(CallReturned now, CallReturned recorded) => now.Result == recorded.Result && now.Failure?.Kind == recorded.Failure?.Kind;

    private static bool Same(ChildRequest now, ChildStarted recorded) =>
        (now.Agent, now.Label, StoredText.Clean(now.Input)) == (recorded.Agent, recorded.Label, recorded.Input);

    private static int StepOf(Entry entry, RunState state) => entry.Step > 0 ? entry.Step : state.Step;

    /// <summary>The divergence as one line.</summary>
    public static string Describe(ReplayDivergence divergence) => string.Create(
        CultureInfo.InvariantCulture, $"diverges at step {divergence.Step} (entry {divergence.Seq}): recorded: {divergence.Recorded}; now: {divergence.Now}");
}
