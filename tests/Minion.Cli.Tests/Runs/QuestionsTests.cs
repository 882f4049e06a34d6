using Minion.Cli.Runs;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Tests.Runs;

public sealed class QuestionsTests
{
    [Theory]
    [InlineData("done", "done", "")]
    [InlineData("  Done  ", "done", "")]
    [InlineData("retry it was never sent", "retry", "it was never sent")]
    [InlineData("r", "retry", "")]
    [InlineData("do", "done", "")]
    public void An_answer_is_a_choice_and_perhaps_text(string line, string choice, string text) =>
        Questions.Parse(line, ["done", "not_done", "retry"]).ShouldBe((choice, text));

    [Theory]
    [InlineData("")]
    [InlineData("maybe")]
    [InlineData("f")]
    public void What_is_no_choice_or_several_is_asked_again(string line) => Questions.Parse(line, ["done", "fail", "forget"]).ShouldBeNull();

    [Fact]
    public void A_question_that_nobody_can_be_asked_says_how_to_answer()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var question = new Question { Id = "q1", Text = "Was the note added?", Choices = { "done", "retry" } };

        Questions.Show(output, "r1", [question]);

        output.ToString().ShouldBe(
            "Run r1 waits for an answer: Was the note added?\n  minion run answer r1 --question q1 --choice done|retry [--text \"…\"]\n");
    }

    [Fact]
    public void What_waits_in_the_inbox_shows_the_call_and_how_to_answer_there()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var question = new Question
        {
            Id = "2.0.0",
            ItemId = "019b0000-0000-7000-8000-00000000abcd",
            Kind = "approval",
            Text = "May it?",
            Choices = { "approve", "deny" },
            Tool = "notes_add",
            Arguments = "{}",
        };

        Questions.Show(output, "r1", [question]);

        output.ToString().ShouldBe(
            "Run r1 waits for an answer: May it?\n  notes_add {}\n  minion inbox answer 0000abcd approve|deny [--text \"…\"] [--arguments '{…}']\n");
    }

    [Fact]
    public void A_choice_of_several_words_is_one() =>
        Questions.Parse("New York", ["New York", "New Orleans"]).ShouldBe(("New York", ""));
}
