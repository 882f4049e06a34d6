using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Tests.Hosting;
using Entry = Minion.Contracts.Orchestration.V1.Entry;

namespace Minion.Orchestration.Tests.Runs.Trees;

/// <summary>Runs that start runs, through the tools run_agent and hand_off.</summary>
public sealed class TreeTests(EngineDatabase database) : IClassFixture<EngineDatabase>, IAsyncLifetime
{
    private EngineHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await EngineHost.StartAsync(database.Database);

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_child_run_answers_the_call_that_started_it()
    {
        var writer = await _host.AgentAsync(Teams.Echo);
        var lead = await _host.AgentAsync(Teams.Asks, ["run_agent"], agents: [writer]);
        var run = await _host.UntilAsync((await _host.StartAsync(lead, $"ask {writer} hello")).Id, RunStatus.Completed);

        run.Output.ShouldBe("They said: echo.");
        var entries = await _host.EntriesAsync(run.Id);
        var started = entries.Single(e => e.KindCase == Entry.KindOneofCase.ChildStarted);
        var ended = entries.Single(e => e.KindCase == Entry.KindOneofCase.Child);
        (started.Step, started.Call, ended.Step, ended.Call).ShouldBe((2, 0, 2, 0));
        ended.Child.Output.ShouldBe("echo.");
        ended.Child.RunId.ShouldBe(started.ChildStarted.RunId);
        var child = await _host.GetAsync(ended.Child.RunId);
        (child.RootId, child.ParentId, child.Depth, child.Input).ShouldBe((run.Id, run.Id, 1, "hello"));
        ended.Usage.ModelCalls.ShouldBe(1);
        run.Usage.ModelCalls.ShouldBe(3);
        run.Usage.InputTokens.ShouldBe(entries.Sum(e => e.Usage?.InputTokens ?? 0));
    }

    [Fact]
    public async Task Children_of_one_answer_run_at_the_same_time_and_each_answers_its_call()
    {
        var writer = await _host.AgentAsync(Teams.Repeat);
        var lead = await _host.AgentAsync(Teams.AsksMany, ["run_agent"], new Limits { MaxChildren = 50 }, agents: [writer]);
        var input = string.Join(' ', Enumerable.Range(0, 25).Select(i => $"[{writer}:w{2 * i}|w{(2 * i) + 1}]"));
        var run = await _host.UntilAsync((await _host.StartAsync(lead, input)).Id, RunStatus.Completed, RunStatus.Failed);

        run.Status.ShouldBe(RunStatus.Completed, run.ToString());
        run.Output.ShouldBe(string.Join(' ', Enumerable.Range(0, 50).Select(i => $"w{i}!")));
        (await _host.EntriesAsync(run.Id)).Count(e => e.KindCase == Entry.KindOneofCase.Child).ShouldBe(50);
    }

    [Fact]
    public async Task Runs_nest()
    {
        var name = EngineHost.NewName();
        await _host.AgentAsync(Teams.Asks, ["run_agent"], agents: [name], name: name);
        var run = await _host.UntilAsync((await _host.StartAsync(name, $"ask {name} ask {name} ask {name} ask {name} hi")).Id, RunStatus.Completed);

        run.Output.ShouldBe("They said: They said: They said: They said: ?");
        var tree = await _host.Runs.GetRunTreeAsync(new GetRunTreeRequest { Id = run.Id });
        tree.Nodes.Select(n => n.Run.Depth).ShouldBe([0, 1, 2, 3, 4]);
    }

    [Fact]
    public async Task An_agent_that_starts_itself_without_end_is_stopped_by_the_depth()
    {
        var name = EngineHost.NewName();
        await _host.AgentAsync(Teams.AsksItself(name), ["run_agent"], agents: [name], name: name);
        var run = await _host.UntilAsync((await _host.StartAsync(name, "go")).Id, RunStatus.Completed, RunStatus.Failed);

        run.Status.ShouldBe(RunStatus.Completed);
        run.Output.ShouldContain("max_depth");
        (await _host.Runs.GetRunTreeAsync(new GetRunTreeRequest { Id = run.Id })).Nodes.Count.ShouldBe(6);
    }

    [Theory]
    [InlineData("nobody", "may not start")]
    [InlineData("missing", "There is no agent 'missing'")]
    public async Task A_child_that_cannot_be_started_is_a_failure_that_the_model_sees(string who, string message)
    {
        var lead = await _host.AgentAsync(Teams.Asks, ["run_agent"], agents: ["missing"]);
        var run = await _host.UntilAsync((await _host.StartAsync(lead, $"ask {who} hello")).Id, RunStatus.Completed);

        run.Output.ShouldContain(message);
        var child = (await _host.EntriesAsync(run.Id)).Single(e => e.KindCase == Entry.KindOneofCase.Child).Child;
        child.Status.ShouldBe(RunStatus.Failed);
        child.RunId.ShouldBe("");
    }

    [Fact]
    public async Task A_child_that_fails_does_not_take_its_parent_down()
    {
        var broken = await _host.AgentAsync(Teams.Echo, limits: new Limits { MaxTokens = 1 }, tools: ["calculator"]);
        var silent = await _host.AgentAsync("""{"rules":[],"otherwise":" "}""");
        var lead = await _host.AgentAsync(Teams.Asks, ["run_agent"], agents: [silent, broken]);
        var run = await _host.UntilAsync((await _host.StartAsync(lead, $"ask {silent} hello")).Id, RunStatus.Completed, RunStatus.Failed);

        run.Status.ShouldBe(RunStatus.Completed, run.ToString());
        run.Output.ShouldStartWith("No: ");
    }

    [Fact]
    public async Task A_hand_off_ends_the_run_with_the_other_agents_answer_and_its_sight_of_the_conversation()
    {
        var session = (await _host.Sessions.CreateSessionAsync(new CreateSessionRequest())).Session.Id;
        var billing = await _host.AgentAsync(Teams.Repeat);
        var desk = await _host.AgentAsync(Teams.HandsOff(billing), ["hand_off"], agents: [billing]);
        var run = await _host.UntilAsync((await _host.StartAsync(desk, "money [x:back]", session)).Id, RunStatus.Completed);

        run.Output.ShouldContain("!");
        var messages = (await _host.Sessions.ListMessagesAsync(new ListMessagesRequest { SessionId = session })).Messages;
        messages.Count.ShouldBe(2);
        messages[1].Content.ShouldBe(run.Output);
    }
}
