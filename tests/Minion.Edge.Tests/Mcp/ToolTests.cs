using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Minion.Edge.Tests.Mcp;

/// <summary>The tools of the server, as the SDK's client sees them.</summary>
[Collection(ServerCollection.Name)]
public sealed class ToolTests(ServerFixture server)
{
    private static CancellationToken End => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(McpClients.Legacy)]
    [InlineData(McpClients.Modern)]
    public async Task The_tools_are_listed_and_called(string version)
    {
        await using var client = await McpClients.ConnectAsync(server.Mcp, ServerFixture.AdaKey, version);

        var tools = await client.ListToolsAsync(cancellationToken: End);
        var result = await client.CallToolAsync("calculator", new Dictionary<string, object?> { ["expression"] = "17.5 / 100 * 2340" }, cancellationToken: End);

        client.NegotiatedProtocolVersion.ShouldBe(version);
        var calculator = tools.Single(tool => tool.Name == "calculator").ProtocolTool;
        calculator.Annotations!.ReadOnlyHint.ShouldBe(true);
        calculator.OutputSchema.ShouldNotBeNull();
        tools.Select(tool => tool.Name).ShouldBeUnique();
        result.IsError.ShouldNotBe(true);
        result.StructuredContent!.Value.GetProperty("value").GetDouble().ShouldBe(409.5);
    }

    [Fact]
    public async Task What_goes_wrong_in_a_tool_is_for_the_model_and_what_goes_wrong_before_it_for_the_client()
    {
        await using var client = await McpClients.ConnectAsync(server.Mcp, ServerFixture.AdaKey);

        var wrong = await client.CallToolAsync("calculator", new Dictionary<string, object?> { ["expression"] = 1 }, cancellationToken: End);
        var broken = await client.CallToolAsync("calculator", new Dictionary<string, object?> { ["expression"] = "1 / 0" }, cancellationToken: End);
        var unknown = await Should.ThrowAsync<McpProtocolException>(async () => await client.CallToolAsync("calcualtor", cancellationToken: End));

        (wrong.IsError is true || broken.IsError is true).ShouldBeTrue();
        McpClients.Text(broken).ShouldNotBeEmpty();
        unknown.ErrorCode.ShouldBe(McpErrorCode.InvalidParams);
    }

    [Fact]
    public async Task The_callers_permissions_count()
    {
        await using var ada = await McpClients.ConnectAsync(server.Mcp, ServerFixture.AdaKey);
        await using var bob = await McpClients.ConnectAsync(server.Mcp, ServerFixture.BobKey);

        var hers = (await ada.ListToolsAsync(cancellationToken: End)).Select(tool => tool.Name).ToList();
        var his = (await bob.ListToolsAsync(cancellationToken: End)).Select(tool => tool.Name).ToList();

        his.ShouldBeSubsetOf(hers);
        foreach (var name in hers.Except(his))
        {
            await Should.ThrowAsync<McpProtocolException>(async () => await bob.CallToolAsync(name, cancellationToken: End));
        }
    }

    [Fact]
    public async Task An_agent_is_run_and_its_progress_told()
    {
        await using var client = await McpClients.ConnectAsync(server.Mcp, ServerFixture.AdaKey);
        var progress = new Steps();

        var tool = (await client.ListToolsAsync(cancellationToken: End)).Single(t => t.Name == "run_agent");
        var result = await client.CallToolAsync(
            "run_agent", new Dictionary<string, object?> { ["agent"] = "hello", ["input"] = "What is 4 plus 5?" }, progress, cancellationToken: End);

        tool.Description.ShouldContain("- hello");
        McpClients.Text(result).ShouldBe("That is 9.");
        result.StructuredContent!.Value.GetProperty("status").GetString().ShouldBe("completed");
        var run = result.StructuredContent!.Value.GetProperty("run_id").GetString()!;
        var read = await client.ReadResourceAsync($"minion://runs/{run}", cancellationToken: End);
        var json = JsonElement.Parse(((TextResourceContents)read.Contents.Single()).Text);
        json.GetProperty("run").GetProperty("output").GetString().ShouldBe("That is 9.");
        json.GetProperty("entries").GetArrayLength().ShouldBeGreaterThan(1);
        // The client handles each message by itself, and none after the answer: of a quick run it may show any part.
        progress.Messages.ShouldAllBe(message => message.StartsWith("Calls calculator", StringComparison.Ordinal) || message == "calculator has answered.");
        progress.Counts.ShouldBeUnique();
    }

    [Fact]
    public async Task A_request_that_is_cancelled_in_a_session_cancels_its_run()
    {
        await using var client = await McpClients.ConnectAsync(server.Mcp, ServerFixture.AdaKey, McpClients.Legacy);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(End);
        var input = $"Go {Guid.NewGuid():N}.";
        var parameters = new JsonObject { ["name"] = "run_agent", ["arguments"] = new JsonObject { ["agent"] = "slower", ["input"] = input } };

        var call = client.SendRequestAsync(new JsonRpcRequest { Id = new RequestId("mine"), Method = RequestMethods.ToolsCall, Params = parameters }, end.Token);
        await UntilAsync(client, input, "");
        await client.SendNotificationAsync(
            NotificationMethods.CancelledNotification, new CancelledNotificationParams { RequestId = new RequestId("mine") }, cancellationToken: End);

        await UntilAsync(client, input, "CANCELLED");
        await end.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(call);
    }

    [Fact]
    public async Task A_run_whose_client_gives_up_is_cancelled_unless_it_can_be_asked_for_again()
    {
        await using var client = await McpClients.ConnectAsync(server.Mcp, ServerFixture.AdaKey);
        foreach (var (request, status) in new[] { ("", "CANCELLED"), ($"again-{Guid.NewGuid():N}", "COMPLETED") })
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(End);
            var started = new Steps(first: end.Cancel);
            var arguments = new Dictionary<string, object?> { ["agent"] = "slow", ["input"] = $"Go {Guid.NewGuid():N}." };
            if (request.Length > 0)
            {
                arguments["request_id"] = request;
            }

            await Should.ThrowAsync<OperationCanceledException>(async () => await client.CallToolAsync("run_agent", arguments, started, cancellationToken: end.Token));

            await UntilAsync(client, (string)arguments["input"]!, status);
        }
    }

    [Theory]
    [InlineData("""{}""", "'agent' must be given.")]
    [InlineData("""{"agent":"hello","input":""}""", "'input' must be")]
    [InlineData("""{"agent":7,"input":"x"}""", "'agent' must be")]
    [InlineData("""{"agent":"hello","input":"x","inptu":"y"}""", "There is no argument 'inptu'.")]
    [InlineData("""{"agent":"no-such-agent","input":"x"}""", "no-such-agent")]
    [InlineData("""{"agent":"hello","input":"x","session_id":"3"}""", "session_id")]
    public async Task Wrong_arguments_of_run_agent_are_told_to_the_model(string arguments, string message)
    {
        await using var client = await McpClients.ConnectAsync(server.Mcp, ServerFixture.AdaKey);

        var result = await client.CallToolAsync("run_agent", JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments), cancellationToken: End);

        result.IsError.ShouldBe(true);
        McpClients.Text(result).ShouldContain(message);
    }

    /// <summary>Waits until the run with this input has this status; empty for any.</summary>
    private static Task UntilAsync(McpClient client, string input, string status) => Eventually.HoldsAsync(
        async () => (await client.ListResourcesAsync(cancellationToken: End))
            .Any(r => r.Title == input && r.Description!.Contains(status, StringComparison.OrdinalIgnoreCase)),
        $"The run '{input}' is not {status}.");

    private sealed class Steps(Action? first = null) : IProgress<ProgressNotificationValue>
    {
        private readonly Lock _lock = new();
        private readonly List<ProgressNotificationValue> _told = [];

        public IReadOnlyList<string> Messages => Told(value => value.Message!);

        public IReadOnlyList<float> Counts => Told(value => value.Progress);

        public void Report(ProgressNotificationValue value)
        {
            lock (_lock)
            {
                _told.Add(value);
            }

            first?.Invoke();
        }

        private List<T> Told<T>(Func<ProgressNotificationValue, T> part)
        {
            lock (_lock)
            {
                return [.. _told.Select(part)];
            }
        }
    }
}
