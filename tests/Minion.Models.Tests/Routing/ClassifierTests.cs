using Microsoft.Extensions.AI;
using Minion.Models.Routing;

namespace Minion.Models.Tests.Routing;

public sealed class ClassifierTests
{
    private static readonly Classifier Classifier = new(LearnedDifficulty.Shipped);

    [Theory]
    [InlineData("hi", "local-small")]
    [InlineData("Thanks, that was all!", "local-small")]
    [InlineData("What is the capital of France?", "local-small")]
    [InlineData("A baker sells 12 boxes of 8 rolls at $1.50 each roll and pays a third of it for flour. How much is left after 5 such days and a rent of $200?", "moderate")]
    [InlineData("Compare the two architectures, justify which one you would choose, and derive the cost of migrating to it.", "complex")]
    [InlineData("Why does this deadlock? Debug it and refactor:\n```\nlock (a) { lock (b) { x[0] = {1}; } }\nlock (b) { lock (a) { y[0]; } }\n```", "complex")]
    public void Questions_are_sorted_by_how_hard_they_are(string question, string tier) =>
        Classify(question).Tier.Name().ShouldBe(tier, Classify(question).Reason);

    [Fact]
    public void More_tools_a_longer_history_a_format_and_images_make_a_request_harder()
    {
        const string Question = "Book the cheapest of these flights for next Tuesday and send me the confirmation please.";
        var plain = Classify(Question).Difficulty;

        foreach (var shape in new[] { new RequestShape(0, 1, 12, false, false), new(0, 80, 0, false, false), new(0, 1, 0, true, false), new(0, 1, 0, false, true), new(9_000, 1, 0, false, false) })
        {
            Classifier.Classify(Question, shape).Difficulty.ShouldBeGreaterThan(plain, shape.ToString());
        }
    }

    [Fact]
    public void The_question_is_what_a_person_said_last()
    {
        ChatMessage[] conversation =
        [
            new(ChatRole.System, "You are a helper."), new(ChatRole.User, "hi"), new(ChatRole.Assistant, "Hello."), new(ChatRole.User, "Prove the theorem."),
            new(ChatRole.Assistant, [new FunctionCallContent("1", "search")]), new(ChatRole.Tool, [new FunctionResultContent("1", "found")]),
        ];

        RequestShape.Question(conversation).ShouldBe("Prove the theorem.");
        RequestShape.Of(conversation, new ChatOptions { ResponseFormat = ChatResponseFormat.Json }).ShouldSatisfyAllConditions(
            s => s.Messages.ShouldBe(6), s => s.WantsJson.ShouldBeTrue(), s => s.Tools.ShouldBe(0));
    }

    [Fact]
    public void The_reason_names_what_counted_most() =>
        Classify("Prove and derive the theorem.").Reason.ShouldMatch(@"^\w[\w-]+: difficulty -?\d\.\d\d \(.*reasoning words \+0\.75.*\)$");

    [Theory]
    [InlineData("")]
    [InlineData("\0\ud800 \udfff ﷽")]
    [InlineData("A.\nB.\nC.\nD.")]
    public void Any_text_has_a_difficulty(string text) => double.IsFinite(Classify(text).Difficulty).ShouldBeTrue();

    [Fact]
    public void Of_a_long_text_only_its_beginning_and_its_end_are_read()
    {
        var filler = string.Concat(Enumerable.Repeat("Whatever 12 words; {code} or not, ", 150_000));
        var reasoning = string.Concat(Enumerable.Repeat("Prove and derive x = 3; why not it. ", 150_000));
        const int half = TextFeatures.MostCharacters / 2;

        var mixed = string.Concat(filler.AsSpan(0, half), reasoning.AsSpan(0, filler.Length - (2 * half)), filler.AsSpan(filler.Length - half));

        Classify(mixed).Difficulty.ShouldBe(Classify(filler).Difficulty);
        Classify(reasoning[..filler.Length]).Difficulty.ShouldNotBe(Classify(filler).Difficulty);
    }

    private static Classification Classify(string question) => Classifier.Classify(question, new RequestShape(question.Length / 4, 1, 0, false, false));
}
