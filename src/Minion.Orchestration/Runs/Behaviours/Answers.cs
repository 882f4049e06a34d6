using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Behaviours;

/// <summary>How a model's last answer ends a run.</summary>
internal static class Answers
{
    public static Decision Finish(ModelAnswered answer) => answer switch
    {
        { FinishReason: "content_filter" } => new Fail(
            "refused_by_model", $"The model '{answer.Model}' refused to answer: its content filter stopped it.", "Rephrase the input, or use another model."),
        { Text.Length: 0, FinishReason: "length" } => new Fail(
            "answer_too_long",
            $"The model '{answer.Model}' used up its output tokens before it said anything.",
            "Raise max_output_tokens of the agent, or shorten the input."),
        { Text.Length: 0 } => new Fail(
            "empty_answer", $"The model '{answer.Model}' answered with nothing.", "Try again (minion run retry), or use another model."),
        _ => new Finish(answer.Text),
    };
}
