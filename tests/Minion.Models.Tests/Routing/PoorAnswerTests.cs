using Microsoft.Extensions.AI;
using Minion.Models.Routing;

namespace Minion.Models.Tests.Routing;

public sealed class PoorAnswerTests
{
    [Theory]
    [InlineData("{\"a\":1}", true, null)]
    [InlineData("[1,2]", true, null)]
    [InlineData("```json\n{\"a\":1}\n```", true, "invalid_json")]
    [InlineData("{\"a\":", true, "invalid_json")]
    [InlineData("42", true, "invalid_json")]
    [InlineData("42", false, null)]
    [InlineData("  ", false, "empty")]
    [InlineData("I'm sorry, but I can't help with that.", false, "refusal")]
    [InlineData("As an AI language model I have no opinion.", false, "refusal")]
    [InlineData("I cannot provide medical advice.", false, "refusal")]
    [InlineData("I cannot recommend this film enough!", false, null)]
    [InlineData("The minister said: \"I am sorry.\"", false, null)]
    public void What_can_be_seen_to_be_poor_is(string text, bool wantsJson, string? why) =>
        PoorAnswer.Why(new ChatResponse(new ChatMessage(ChatRole.Assistant, text)), wantsJson).ShouldBe(why);

    [Fact]
    public void A_filtered_answer_is_a_refusal() =>
        PoorAnswer.Why(new ChatResponse(new ChatMessage(ChatRole.Assistant, "So")) { FinishReason = ChatFinishReason.ContentFilter }, false).ShouldBe("refusal");

    [Fact]
    public void Tool_calls_are_an_answer_when_their_arguments_can_be_read()
    {
        PoorAnswer.Why(Calling("{}"), wantsJson: true).ShouldBeNull();
        PoorAnswer.Why(Calling("{"), wantsJson: false).ShouldBe("invalid_arguments");

        static ChatResponse Calling(string arguments) => new(new ChatMessage(ChatRole.Assistant, [ToolCallArguments.ToCall("1", "search", arguments)]));
    }
}
