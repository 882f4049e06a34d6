using System.Text.Json;
using Minion.Contracts.Tools.V1;

namespace Minion.Tools.Tests.Mcp;

/// <summary>Programs that answer what they should not, too much, or not at all.</summary>
public sealed class BadAnswerTests
{
    [Theory]
    [InlineData("{}", "")]
    [InlineData("""{"content":null}""", "")]
    [InlineData("""{"content":"text"}""", "")]
    [InlineData("""{"content":[7,null,"x",{"type":7},{"type":"text"},{"type":"text","text":"seen"}]}""", "\nseen")]
    [InlineData("""{"content":[],"isError":"no"}""", "")]
    public async Task Nothing_and_nonsense_is_read_as_what_it_is(string result, string text)
    {
        await using var source = McpTesting.Kind().Source(ShellServer.Settings($"answer '{result}'"));

        (await (await source.FindAsync("peer_do")).CallAsync()).Value().GetProperty("text").GetString().ShouldBe(text);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_marked()
    {
        await using var source = McpTesting.Kind().Source(ShellServer.Settings("""printf '{"jsonrpc":"2.0","id":%s,"result":{"content":[{"type":"text","text":"caf\351 \377\376"}]}}\n' "$id" """));

        (await (await source.FindAsync("peer_do")).CallAsync()).Value().GetProperty("text").GetString().ShouldBe("caf\ufffd \ufffd\ufffd");
    }

    [Theory]
    [InlineData("""printf '{"jsonrpc":"2.0","id":%s,"result":{"content":[{"type":"text","text":"\\ud800"}]}}\n' "$id" """)]
    [InlineData("""printf '{"jsonrpc":"2.0","id":%s,"result":{"content":[],"content":[]}}\n' "$id" """)]
    [InlineData("""printf '{"jsonrpc":"2.0","id":%s,"result":%s1%s}\n' "$id" "$(printf '[%.0s' $(seq 200))" "$(printf ']%.0s' $(seq 200))" """)]
    [InlineData("""printf '{"jsonrpc":"2.0","id":%s,"error":"none"}\n' "$id" """)]
    public async Task An_answer_that_cannot_be_read_is_a_failure_at_once(string onCall)
    {
        await using var source = McpTesting.Kind().Source(ShellServer.Settings(onCall));

        var failure = (await (await source.FindAsync("peer_do")).CallAsync()).Failure();

        failure.Message.ShouldContain("cannot be read");
        failure.Undecided.ShouldBeFalse();
    }

    [Fact]
    public async Task An_error_of_the_protocol_is_what_the_model_reads()
    {
        await using var source = McpTesting.Kind().Source(ShellServer.Settings(
            """printf '{"jsonrpc":"2.0","id":%s,"error":{"code":-32603,"message":"out of\\u0007 cheese"}}\n' "$id" """));

        var failure = (await (await source.FindAsync("peer_do")).CallAsync()).Failure();

        failure.Message.ShouldContain("out of  cheese");
        failure.Undecided.ShouldBeFalse();
    }

    [Fact]
    public async Task A_call_that_hangs_and_is_not_ended_by_giving_it_up_stops_no_other()
    {
        var called = Path.Combine(Path.GetTempPath(), $"minion-test-{Guid.CreateVersion7():N}");
        await using var source = McpTesting.Kind().Source(ShellServer.Settings($$"""case $line in *'"name":"do"'*) touch {{called}} ;; *) text fine ;; esac"""));
        try
        {
            var hanging = await source.FindAsync("peer_do");
            using var gone = McpTesting.Limit();
            var call = hanging.InvokeAsync(new ToolCall(JsonElement.Parse("{}"), Callers.Ada, "", ToolCallOrigin.Direct), gone.Token).AsTask();
            await Eventually.HoldsAsync(() => File.Exists(called));
            await gone.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(call);

            (await (await source.FindAsync("peer_read")).CallAsync()).Value().GetProperty("text").GetString().ShouldBe("fine");
        }
        finally
        {
            File.Delete(called);
        }
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"x"}}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"x","progress":1}}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1000,"result":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":"a","method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":"a","method":"roots/list"}""")]
    public async Task A_flood_of_messages_does_not_stop_a_call(string message)
    {
        await using var source = McpTesting.Kind().Source(ShellServer.Settings($"yes '{message}' | head -n 20000; text fine"));

        (await (await source.FindAsync("peer_do")).CallAsync()).Value().GetProperty("text").GetString().ShouldBe("fine");
    }
}
