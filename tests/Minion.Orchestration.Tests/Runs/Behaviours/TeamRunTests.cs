using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Models.V1;
using Minion.Contracts.Orchestration.V1;
using Minion.Contracts.Tools.V1;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Tests.Hosting;
using Entry = Minion.Contracts.Orchestration.V1.Entry;

namespace Minion.Orchestration.Tests.Runs.Behaviours;

/// <summary>Teams with real children.</summary>
public sealed class TeamRunTests(EngineDatabase database) : IClassFixture<EngineDatabase>, IAsyncLifetime
{
    private const string Echo = """{"rules":[{"match":"^[\\s\\S]+$","say":"<{{0}}>"}]}""";
    private const string Silent = """{"rules":[],"otherwise":" "}""";
    private readonly GatedTool _gate = new("gate", Effect.Idempotent);
    private EngineHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await StartHostAsync();

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_pipeline_runs_its_stages_as_children_and_sums_what_they_used()
    {
        var agent = await _host.AgentAsync(Echo);
        var team = await TeamAsync("pipeline", $$$"""{"stages":["{{{agent}}}",{"name":"again","agent":"{{{agent}}}"},{"name":"last","agent":"{{{agent}}}","input":"{{input}} {{stages.again.output}}"}]}""");
        var run = await _host.UntilAsync((await _host.StartAsync(team, "x")).Id, RunStatus.Completed, RunStatus.Failed);

        run.Output.ShouldBe("<x <<x>>>", run.ToString());
        run.Usage.ModelCalls.ShouldBe(3);
        var tree = await TreeAsync(run.Id);
        tree.Skip(1).Select(n => n.Run.Label).ShouldBe([agent, "again", "last"]);
    }

    [Fact]
    public async Task Parallel_parts_and_a_map_run_as_children_and_one_that_fails_leaves_the_others()
    {
        var (agent, broken) = (await _host.AgentAsync(Echo), await _host.AgentAsync(Silent));
        var lister = await _host.AgentAsync("""{"rules":[],"otherwise":"[\"a\",\"b\",\"c\"]"}""");
        var team = await TeamAsync(
            "flow",
            $$$"""
            {"stages":[
              {"name":"both","parallel":[{"name":"good","agent":"{{{agent}}}"},{"name":"bad","agent":"{{{broken}}}"}]},
              {"name":"list","agent":"{{{lister}}}"},
              {"name":"each","map":"{{previous}}","do":{"name":"item","agent":"{{{agent}}}","input":"{{index}}{{item}}"},"join":"json"}],
             "output":"{{stages.good.output}} {{stages.bad.output}} {{stages.each.output}}"}
            """);
        var run = await _host.UntilAsync((await _host.StartAsync(team, "x")).Id, RunStatus.Completed, RunStatus.Failed);

        run.Output.ShouldStartWith("<x> [bad failed: ", customMessage: run.ToString());
        run.Output.ShouldEndWith("""["<0a>","<1b>","<2c>"]""");
    }

    [Fact]
    public async Task A_director_plans_replans_after_a_failure_and_answers()
    {
        var (agent, broken) = (await _host.AgentAsync(Echo), await _host.AgentAsync(Silent));
        var team = await TeamAsync(
            "director",
            $$$"""{"members":["{{{agent}}}","{{{broken}}}"]}""",
            $$$"""
            {"rules":[
              {"match":"^Plan the work[\\s\\S]*$","say":"{\"tasks\":[{\"id\":\"a\",\"agent\":\"{{{agent}}}\",\"input\":\"one\"},{\"id\":\"b\",\"agent\":\"{{{broken}}}\",\"input\":\"two\"}]}"},
              {"match":"^Some of the planned work failed[\\s\\S]*b \\([^)]*\\): failed[\\s\\S]*$","say":"{\"tasks\":[{\"id\":\"c\",\"agent\":\"{{{agent}}}\",\"input\":\"\\{{tasks.a.output}} three\"}]}"},
              {"match":"^The work[\\s\\S]*Results:\\s*(?<results>[\\s\\S]*)$","say":"{{results}}"}]}
            """);
        var run = await _host.UntilAsync((await _host.StartAsync(team, "x")).Id, RunStatus.Completed, RunStatus.Failed);

        run.Status.ShouldBe(RunStatus.Completed, run.ToString());
        run.Output.ShouldContain("<<one> three>");
        (await TreeAsync(run.Id)).Skip(1).Select(n => n.Run.Label).ShouldBe(["a", "b", "c@2"], ignoreOrder: true);
        (await _host.EntriesAsync(run.Id)).Where(e => e.Model is not null).Select(e => e.Model.Purpose).ShouldBe(["plan", "plan:2", "answer"]);
    }

    [Fact]
    public async Task A_plan_that_stays_invalid_fails_the_run_with_what_is_wrong()
    {
        var agent = await _host.AgentAsync(Echo);
        var tasks = string.Join(',', Enumerable.Range(0, 60).Select(i => $"{{\\\"id\\\":\\\"t{i}\\\"}}"));
        var team = await TeamAsync("director", $$$"""{"members":["{{{agent}}}"]}""", $$$"""{"rules":[],"otherwise":"{\"tasks\":[{{{tasks}}}]}"}""");
        var run = await _host.UntilAsync((await _host.StartAsync(team, "x")).Id, RunStatus.Completed, RunStatus.Failed);

        run.Error.Kind.ShouldBe("invalid_plan");
        run.Error.Message.ShouldContain("60 tasks; at most 32");
        run.Usage.ModelCalls.ShouldBe(3);
    }

    [Fact]
    public async Task A_specialist_that_hangs_is_given_up_and_ended()
    {
        var hanging = await _host.AgentAsync("""{"rules":[{"match":".+","calls":[{"tool":"gate"}],"say":"done"}]}""", ["gate"]);
        var agent = await _host.AgentAsync(Echo);
        var team = await TeamAsync("flow", $$$"""{"stages":[{"name":"both","parallel":[{"name":"slow","agent":"{{{hanging}}}","timeout":"1s"},{"name":"fast","agent":"{{{agent}}}"}]}]}""");
        var run = await _host.UntilAsync((await _host.StartAsync(team, "x")).Id, RunStatus.Completed, RunStatus.Failed);

        run.Output.ShouldContain("gave no answer within 1s", customMessage: run.ToString());
        run.Output.ShouldContain("<x>");
        var slow = (await TreeAsync(run.Id)).Single(n => n.Run.Label == "slow").Run.Id;
        await _host.UntilAsync(slow, RunStatus.Cancelled, RunStatus.Failed);
        _gate.Open();
    }

    [Fact]
    public async Task A_member_may_be_a_team()
    {
        var agent = await _host.AgentAsync(Echo);
        var inner = await TeamAsync("pipeline", $$$"""{"stages":["{{{agent}}}"]}""");
        var outer = await TeamAsync("pipeline", $$$"""{"stages":["{{{inner}}}"]}""");
        var run = await _host.UntilAsync((await _host.StartAsync(outer, "x")).Id, RunStatus.Completed, RunStatus.Failed);

        run.Output.ShouldBe("<x>", run.ToString());
        (await TreeAsync(run.Id)).Select(n => n.Run.Depth).ShouldBe([0, 1, 2]);
    }

    [Fact]
    public async Task An_agent_reviews_itself_plans_for_itself_and_a_router_chooses()
    {
        var reviewer = await TeamAsync("reviewer", "{}", """{"rules":[{"match":"^Review[\\s\\S]*Draft:\\s*good[\\s\\S]*$","say":"Better!"},{"match":"^Review[\\s\\S]*$","say":"ACCEPTED"},{"match":"^Revise[\\s\\S]*$","say":"better"},{"match":"^write","say":"good"}]}""");
        var planner = await TeamAsync(
            "plan-execute",
            "{}",
            """
            {"rules":[
              {"match":"^Plan the steps[\\s\\S]*$","say":"{\"steps\":[\"what is 6*7\",\"say it\"]}"},
              {"match":"^Do the next step[\\s\\S]*Next step:\\s*what is (?<e>[\\d*]+)\\s*$","calls":[{"tool":"calculator","arguments":{"expression":"{{e}}"}}],"say":"{{calculator.text}}"},
              {"match":"^Do the next step[\\s\\S]*So far:\\s*## what is 6\\*7\\n(?<n>\\d+)[\\s\\S]*$","say":"It is {{n}}."},
              {"match":"^The steps[\\s\\S]*## say it\\n(?<said>[^\\n]+)[\\s\\S]*$","say":"{{said}}"}]}
            """,
            ["calculator"]);
        var router = await TeamAsync(
            "router",
            $$$"""{"routes":[{"agent":"{{{reviewer}}}","when":{"contains":"write"}},{"agent":"{{{planner}}}","description":"sums"}]}""",
            $$$"""{"rules":[{"match":"^Choose the agent[\\s\\S]*$","say":"{\"agent\":\"{{{planner}}}\"}"}]}""");

        (await _host.UntilAsync((await _host.StartAsync(router, "write it")).Id, RunStatus.Completed, RunStatus.Failed)).Output.ShouldBe("better");
        (await _host.UntilAsync((await _host.StartAsync(router, "6*7")).Id, RunStatus.Completed, RunStatus.Failed)).Output.ShouldBe("It is 42.");
    }

    [Fact]
    public async Task A_team_goes_on_in_another_process_and_no_stage_is_done_twice()
    {
        var agent = await _host.AgentAsync(Echo);
        var slow = await _host.AgentAsync("""{"rules":[{"match":".+","calls":[{"tool":"gate"}],"say":"through"}]}""", ["gate"]);
        var team = await TeamAsync("pipeline", $$$"""{"stages":["{{{agent}}}","{{{slow}}}",{"name":"end","agent":"{{{agent}}}"}]}""");
        var run = await _host.StartAsync(team, "x");
        await Eventually.HoldsAsync(() => Task.FromResult(!_gate.Keys.IsEmpty), "the second stage to begin");
        await _host.DisposeAsync();
        _gate.Open();
        await using var second = await StartHostAsync();

        (await second.UntilAsync(run.Id, RunStatus.Completed, RunStatus.Failed)).Output.ShouldBe("<through>");
        (await TreeAsync(run.Id, second)).Count.ShouldBe(4);
        (await second.EntriesAsync(run.Id)).Count(e => e.KindCase == Entry.KindOneofCase.ChildStarted).ShouldBe(3);
    }

    [Fact]
    public async Task A_behaviour_of_ones_own_is_a_class_and_a_line()
    {
        var agent = await _host.AgentAsync(Echo);
        var team = await TeamAsync("two-views", $$$"""{"for":"{{{agent}}}","against":"{{{agent}}}"}""");
        var run = await _host.UntilAsync((await _host.StartAsync(team, "tea or coffee")).Id, RunStatus.Completed, RunStatus.Failed);

        run.Output.ShouldBe("for: <Argue for this: tea or coffee>\n\nagainst: <Argue against this: tea or coffee>", run.ToString());
        (await Should.ThrowAsync<Grpc.Core.RpcException>(() => TeamAsync("two-views", """{"for":"nobody","x":1}"""))).Status.Detail.ShouldContain("behaviour_options.against: is missing");
    }

    [Fact]
    public async Task A_behaviour_that_breaks_or_never_finishes_fails_its_run_and_no_other()
    {
        var (broken, endless) = (await TeamAsync("broken", ""), await TeamAsync("endless", "", Echo, limits: new Limits { MaxSteps = 5 }));
        (await _host.UntilAsync((await _host.StartAsync(broken, "x")).Id, RunStatus.Failed)).Error.Kind.ShouldBe("behaviour_failed");
        var run = await _host.UntilAsync((await _host.StartAsync(endless, "x")).Id, RunStatus.Failed);

        (run.Error.Kind, run.Usage.ModelCalls).ShouldBe(("limit_exceeded", 5));
        (await _host.UntilAsync((await _host.StartAsync(await _host.AgentAsync(Echo), "x")).Id, RunStatus.Completed)).Output.ShouldBe("<x>");
    }

    private Task<EngineHost> StartHostAsync() => EngineHost.StartAsync(
        database.Database,
        new Dictionary<string, string?>(),
        services => services.AddBehaviour<TwoViews>().AddBehaviour<Broken>().AddBehaviour<Endless>(),
        _gate);

    private async Task<string> TeamAsync(string behaviour, string options, string? script = null, string[]? tools = null, Limits? limits = null)
    {
        var name = EngineHost.NewName();
        if (script is not null)
        {
            await _host.ModelAsync(name, new Minion.Models.ModelDefinition { Name = name, Provider = "scripted", Script = System.Text.Json.JsonDocument.Parse(script).RootElement.Clone() });
        }

        await _host.Agents.CreateAgentAsync(new CreateAgentRequest
        {
            Definition = new AgentDefinition { Name = name, Model = script is null ? "" : name, Behaviour = behaviour, BehaviourOptions = options, Tools = { tools ?? [] }, Limits = limits },
        });
        return name;
    }

    private async Task<IReadOnlyList<RunNode>> TreeAsync(string run, EngineHost? host = null) =>
        (await (host ?? _host).Runs.GetRunTreeAsync(new GetRunTreeRequest { Id = run })).Nodes;

    private sealed class Broken : IBehaviour
    {
        public string Name => "broken@1";

        public void Check(BehaviourCheck check) => check.UsesModel = false;

        public Decision Next(RunState state) => throw new InvalidOperationException("oh no");
    }

    private sealed class Endless : IBehaviour
    {
        public string Name => "endless@1";

        public Decision Next(RunState state) => new CallModel(state.Step + 1, WithTools: false);
    }
}
