using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>What a person is asked when it is not known what became of a call.</summary>
internal static class Questions
{
    public static Entry About(CallState call, DateTimeOffset now)
    {
        var id = $"{call.Step}.{call.Request.Call}.{call.Attempts}";
        var text =
            $"The call of '{call.Request.Tool}' was interrupted, and it is not known whether it took effect. "
            + $"Was it done ('{Rules.ChoiceDone}'), should it be made again ('{Rules.ChoiceRetry}'), or left out ('{Rules.ChoiceSkip}')?";
        var question = new QuestionAsked(
            id, text, [Rules.ChoiceDone, Rules.ChoiceRetry, Rules.ChoiceSkip], call.Request.Tool, call.Request.Arguments);
        return new Entry(0, call.Step, call.Request.Call, call.Attempts, question, now, now);
    }

    /// <summary>The questions of a run that have no answer, as its row shows them.</summary>
    public static IReadOnlyList<StoredQuestion> Open(RunState state) =>
    [
        .. state.OpenCalls.Where(c => c is { Question: not null, Answer: null }).Select(c => new StoredQuestion(
            c.Question!.Id, c.Question.Text, c.Question.Choices, c.Step, c.Request.Call, c.Question.Tool, c.Question.Arguments, state.Now)),
    ];
}
