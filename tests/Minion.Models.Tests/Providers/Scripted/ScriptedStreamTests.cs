using Microsoft.Extensions.AI;
using Minion.Models.Providers.Scripted;
using Minion.Testing.Time;

namespace Minion.Models.Tests.Providers.Scripted;

public sealed class ScriptedStreamTests
{
    [Fact]
    public async Task Words_come_with_the_scripts_pause_between_them()
    {
        var time = new ManualTime();
        var client = new ScriptedChatClient(Conversation.Parse(new { delay = "30ms", otherwise = "one two three" }), time);
        var words = new List<string>();

        var reading = ReadAsync();
        for (var i = 0; i < 2; i++)
        {
            Time(await time.WaitForTimerAsync(_ => true)).ShouldBe(30);
            time.Advance(TimeSpan.FromMilliseconds(30));
        }

        await reading;
        words.ShouldBe(["one ", "two ", "three"]);

        async Task ReadAsync()
        {
            await foreach (var update in client.GetStreamingResponseAsync("hi"))
            {
                if (update.Text.Length > 0)
                {
                    words.Add(update.Text);
                }
            }
        }
    }

    [Fact]
    public async Task The_limit_of_output_tokens_cuts_the_answer_and_says_so()
    {
        var client = new ScriptedChatClient(Conversation.Parse(new { otherwise = "one two three four five six" }), TimeProvider.System);

        var answer = await client.GetResponseAsync("hi", new ChatOptions { MaxOutputTokens = 2 });

        answer.Text.ShouldBe("one two ");
        answer.FinishReason.ShouldBe(ChatFinishReason.Length);
    }

    [Fact]
    public async Task Token_usage_is_the_same_each_time()
    {
        var client = new ScriptedChatClient(Conversation.Parse(new { otherwise = "12345678" }), TimeProvider.System);

        var first = await client.GetResponseAsync("12345678");
        var second = await client.GetStreamingResponseAsync("12345678").ToChatResponseAsync();

        first.Usage!.InputTokenCount.ShouldBe(6);
        first.Usage.OutputTokenCount.ShouldBe(2);
        second.Usage!.TotalTokenCount.ShouldBe(8);
    }

    private static double Time(TimeSpan wait) => wait.TotalMilliseconds;
}
