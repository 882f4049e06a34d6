using System.Text.Json;
using System.Text.RegularExpressions;
using Minion.Contracts.Orchestration.V1;
using Minion.Contracts.Tools.V1;
using Minion.Orchestration.Runs.Composing;
using Minion.Orchestration.Tests.Hosting;
using Minion.Testing.OpenAi;
using Minion.Tools;

namespace Minion.Orchestration.Tests.Runs;

/// <summary>Results that are longer than a model is given at once.</summary>
public sealed partial class LongResultTests(EngineDatabase database) : IClassFixture<EngineDatabase>, IAsyncLifetime
{
    private EngineHost _host = null!;
    private FakeOpenAi _endpoint = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await EngineHost.StartAsync(database.Database, "00:01:00", new LongListTool());
        _endpoint = await FakeOpenAi.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _endpoint.DisposeAsync();
    }

    [Fact]
    public async Task An_agent_reads_on_in_a_result_that_was_cut_without_naming_the_tool_for_it()
    {
        _endpoint.Then(
            Replies.ToolCalls(1, new FakeToolCall("c1", "numbers", "{}")),
            exchange => Replies.ToolCalls(1, new FakeToolCall("c2", "read_result", $$"""{"id":"{{Told(exchange).Groups["id"].Value}}","offset":3000,"limit":200}"""))(exchange),
            Replies.Text("Read."));
        var agent = await _host.AgentAtAsync(_endpoint.Url, "numbers");
        var run = await _host.UntilAsync((await _host.StartAsync(agent, "go")).Id, RunStatus.Completed, RunStatus.Failed);

        run.Output.ShouldBe("Read.", run.ToString());
        Offered(_endpoint.Requests[0]).ShouldBe(["numbers", "read_result"]);
        var read = (await _host.EntriesAsync(run.Id)).Where(e => e.Tool is not null).Select(e => e.Tool).ToList()[1];
        JsonDocument.Parse(read.Result).RootElement.GetProperty("text").GetString().ShouldBe(LongListTool.Whole[3000..3200]);
        (await _host.History.ReplayRunAsync(new ReplayRunRequest { RunId = run.Id })).Same.ShouldBeTrue();
    }

    [Theory]
    [InlineData(new[] { "numbers", "-read_result" }, new[] { "numbers" })]
    [InlineData(new[] { "n*", "-notes*" }, new[] { "numbers", "read_result" })]
    [InlineData(new[] { "read_result" }, new[] { "read_result" })]
    [InlineData(new[] { "nothing_*" }, new string[0])]
    [InlineData(new[] { "ask_person" }, new[] { "ask_person" })]
    public async Task It_goes_with_tools_that_can_have_long_results_unless_it_is_taken_away(string[] tools, string[] offered)
    {
        var agent = await _host.AgentAtAsync(_endpoint.Url, tools);

        await _host.UntilAsync((await _host.StartAsync(agent, "go")).Id, RunStatus.Completed);

        Offered(_endpoint.Requests.ShouldHaveSingleItem()).ShouldBe(offered);
    }

    [Theory]
    [InlineData("""{"items":[1,2]}""", """{"items":[1,2],"left_out":"This is a part of the result, which has 9 bytes; read_result gives all of it in pages, id k"}""")]
    [InlineData("{}", """{"left_out":"This is a part of the result, which has 9 bytes; read_result gives all of it in pages, id k"}""")]
    [InlineData("[1,2]", "[1,2]\n[This is a part of the result, which has 9 bytes; read_result gives all of it in pages, id k]")]
    [InlineData("\"abc, id k\"", "\"abc, id k\"")]
    public void What_was_left_out_is_said_where_the_result_does_not_say_it(string result, string told) => LongResult.ForModel(result, 9, "k").ShouldBe(told);

    private static Match Told(Exchange exchange) => Id().Match(exchange.Request!.Body.ToString());

    private static IEnumerable<string> Offered(ReceivedRequest request)
    {
        using var body = JsonDocument.Parse(request.Body.ToString());
        return body.RootElement.TryGetProperty("tools", out var tools)
            ? [.. tools.EnumerateArray().Select(t => t.GetProperty("function").GetProperty("name").GetString()!)]
            : [];
    }

    [GeneratedRegex(@"read_result gives all of it in pages, id (?<id>[0-9a-f-]{36})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Id();

    private sealed class LongListTool : ITool
    {
        public static string Whole { get; } = $$"""{"items":[{{string.Join(',', Enumerable.Range(0, 5_000))}}]}""";

        public Tools.ToolDescription Description { get; } = new()
        {
            Name = "numbers",
            Version = "1",
            Description = "Gives many numbers.",
            InputSchema = """{"type":"object"}""",
            OutputSchema = """{"type":"object"}""",
            Policy = new Tools.ToolPolicy(Effect.ReadOnly) { ResultLimit = 1024 },
        };

        public ValueTask<ToolOutcome> InvokeAsync(Tools.ToolCall call, CancellationToken cancellationToken) => ValueTask.FromResult<ToolOutcome>(new ToolResult(JsonElement.Parse(Whole)));
    }
}
