using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Minion.Edge.Tests.Mcp;

/// <summary>Tools that need something said first: the client is asked, in the way of its version of the protocol.</summary>
[Collection(ConformanceCollection.Name)]
public sealed class QuestionTests(ConformanceServer server)
{
    private static readonly McpClientHandlers Answering = new()
    {
        ElicitationHandler = (request, _) => ValueTask.FromResult(request!.Message == "Which one?"
            ? new ElicitResult { Action = "accept", Content = new Dictionary<string, JsonElement> { ["colour"] = JsonElement.Parse("\"blue\""), ["many"] = JsonElement.Parse("3") } }
            : new ElicitResult { Action = "accept", Content = new Dictionary<string, JsonElement> { ["answer"] = JsonElement.Parse("\"green\"") } }),
        SamplingHandler = (request, _, _) => ValueTask.FromResult(new CreateMessageResult
        {
            Model = "a-model",
            Role = Role.Assistant,
            Content = [new TextContentBlock { Text = $"A word for: {((TextContentBlock)request!.Messages[0].Content[0]).Text}" }],
        }),
    };

    private static CancellationToken End => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(McpClients.Legacy, "text", "Accept: \"green\"")]
    [InlineData(McpClients.Legacy, "model", "A word for: Say a word.")]
    [InlineData(McpClients.Modern, "text", "Accept: \"green\"")]
    [InlineData(McpClients.Modern, "form", "Accept: {\"colour\":\"blue\",\"many\":3}")]
    [InlineData(McpClients.Modern, "model", "A word for: Say a word.")]
    public async Task The_client_answers_and_the_same_call_goes_on(string version, string kind, string said)
    {
        await using var client = await McpClients.ConnectAsync(server.Url, version: version, handlers: Answering);

        var result = await client.CallToolAsync("ask_first", new Dictionary<string, object?> { ["kind"] = kind }, cancellationToken: End);

        result.IsError.ShouldNotBe(true, McpClients.Text(result));
        result.StructuredContent!.Value.GetProperty("said").GetString().ShouldBe(said);
        result.StructuredContent!.Value.GetProperty("state").GetString().ShouldBe($"state of {kind}");
        result.StructuredContent!.Value.GetProperty("key").GetString().ShouldStartWith("mcp-");
    }

    [Theory]
    [InlineData("text", "elicitation")]
    [InlineData("model", "sampling")]
    public async Task A_client_that_cannot_be_asked_hears_why(string kind, string capability)
    {
        await using var client = await McpClients.ConnectAsync(server.Url);

        var result = await client.CallToolAsync("ask_first", new Dictionary<string, object?> { ["kind"] = kind }, cancellationToken: End);

        result.IsError.ShouldBe(true);
        McpClients.Text(result).ShouldContain(capability);
    }

    [Fact]
    public async Task An_approval_is_not_the_clients_to_give()
    {
        await using var client = await McpClients.ConnectAsync(server.Url, handlers: Answering);

        var result = await client.CallToolAsync("ask_first", new Dictionary<string, object?> { ["kind"] = "approval" }, cancellationToken: End);

        result.IsError.ShouldBe(true);
        McpClients.Text(result).ShouldContain("It matters. Let an agent make it with run_agent");
    }

    [Fact]
    public async Task The_state_of_a_call_is_good_for_that_call_only()
    {
        using var http = new HttpClient();
        var asked = await RawCalls.CallAsync(http, server.Url, "ask_first", """{"kind":"text"}""");
        var state = asked.GetProperty("result").GetProperty("requestState").GetString()!;
        const string Answer = """{"q":{"action":"accept","content":{"answer":"red"}}}""";

        var changed = await RawCalls.CallAsync(http, server.Url, "ask_first", """{"kind":"text"}""", state[..^4] + "AAAA", Answer);
        var other = await RawCalls.CallAsync(http, server.Url, "ask_first", """{"kind":"form"}""", state, Answer);
        var right = await RawCalls.CallAsync(http, server.Url, "ask_first", """{"kind":"text"}""", state, Answer);

        asked.GetProperty("result").GetProperty("resultType").GetString().ShouldBe("input_required");
        changed.GetProperty("error").GetProperty("code").GetInt32().ShouldBe(-32602);
        other.GetProperty("error").GetProperty("code").GetInt32().ShouldBe(-32602);
        right.GetProperty("result").GetProperty("structuredContent").GetProperty("said").GetString().ShouldBe("Accept: \"red\"");
    }
}
