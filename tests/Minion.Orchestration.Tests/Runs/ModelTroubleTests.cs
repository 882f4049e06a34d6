using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Tests.Hosting;
using Minion.Testing.OpenAi;

namespace Minion.Orchestration.Tests.Runs;

/// <summary>Runs whose model endpoint misbehaves.</summary>
public sealed class ModelTroubleTests(EngineDatabase database) : IClassFixture<EngineDatabase>, IAsyncLifetime
{
    private EngineHost _host = null!;
    private FakeOpenAi _endpoint = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await EngineHost.StartAsync(database.Database);
        _endpoint = await FakeOpenAi.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _endpoint.DisposeAsync();
    }

    [Fact]
    public async Task A_malformed_tool_call_is_told_to_the_model_which_may_try_again()
    {
        _endpoint.Then(
            Replies.ToolCalls(1, new FakeToolCall("c1", "calculator", """{"expression": """)),
            Replies.ToolCalls(1, new FakeToolCall("c2", "calculator", """{"expression": "6 * 7"}""")),
            Replies.Text("It is 42."));
        var run = await RunAsync("calculator");

        run.Output.ShouldBe("It is 42.");
        var tools = await ToolsAsync(run);
        tools[0].Failure.Kind.ShouldBe("invalid_arguments");
        tools[0].Failure.Hint.ShouldNotBeEmpty();
        tools[1].Result.ShouldContain("42");
        _endpoint.Requests[1].Body.ToString().ShouldContain("invalid_arguments");
    }

    [Fact]
    public async Task A_tool_that_the_agent_does_not_have_is_not_called_and_the_model_is_told()
    {
        _endpoint.Then(Replies.ToolCalls(1, new FakeToolCall("c1", "notes_add", """{"text":"x"}""")), Replies.Text("Then not."));
        var run = await RunAsync("calculator");

        run.Output.ShouldBe("Then not.");
        var tool = (await ToolsAsync(run)).ShouldHaveSingleItem();
        tool.Failure.Kind.ShouldBe("unknown_tool");
        tool.Failure.Hint.ShouldContain("calculator");
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_made_again_and_never_joined()
    {
        _endpoint.Then(Replies.CutOffAfter(3, new FakeAnswer { Text = "This part is lost for ever", Pieces = 6, Delay = TimeSpan.FromMilliseconds(50) }), Replies.Text("The whole answer."));
        var run = await RunAsync();

        run.Output.ShouldBe("The whole answer.");
        (await _host.EntriesAsync(run.Id)).ShouldContain(e => e.KindCase == Entry.KindOneofCase.AttemptFailed);
    }

    [Fact]
    public async Task An_endpoint_that_answers_with_a_web_page_fails_the_run_with_what_to_do()
    {
        _endpoint.Otherwise = Replies.Html();
        var run = await RunAsync();
        run.Status.ShouldBe(RunStatus.Failed);
        run.Error.Kind.ShouldStartWith("model_");
        run.Error.Hint.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_key_that_is_refused_fails_the_run_and_says_so()
    {
        _endpoint.Otherwise = Replies.Error(401, "Incorrect API key provided.", "invalid_api_key");
        var run = await RunAsync();
        run.Error.Kind.ShouldBe("model_bad_key");
    }

    private async Task<Run> RunAsync(params string[] tools)
    {
        var agent = await _host.AgentAtAsync(_endpoint.Url, tools);
        return await _host.UntilAsync((await _host.StartAsync(agent, "hello")).Id, RunStatus.Completed, RunStatus.Failed);
    }

    private async Task<List<ToolEntry>> ToolsAsync(Run run) =>
        [.. (await _host.EntriesAsync(run.Id)).Where(e => e.KindCase == Entry.KindOneofCase.Tool).Select(e => e.Tool)];
}
