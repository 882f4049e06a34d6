using Minion.Contracts.Orchestration.V1;
using Minion.Contracts.Tools.V1;
using Minion.Orchestration.Tests.Hosting;

namespace Minion.Orchestration.Tests.Runs;

/// <summary>What the tool service says beside a result: the run keeps it, and says it with its further calls.</summary>
public sealed class TaintTests(EngineDatabase database) : IClassFixture<EngineDatabase>, IAsyncLifetime
{
    private const string Reads = "{\"rules\":[{\"match\":\"read\",\"calls\":[{\"tool\":\"web\",\"arguments\":{}}],\"say\":\"read\"}],\"otherwise\":\"nothing\"}";
    private const string Acts = "{\"rules\":[{\"match\":\"go\",\"calls\":[{\"tool\":\"act\",\"arguments\":{}}],\"say\":\"acted\"}],\"otherwise\":\"?\"}";

    private readonly ToolWire _wire = new();
    private EngineHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _wire.Says["web"] = response => response.Untrusted = true;
        _wire.Says["act"] = response =>
        {
            response.CostUsd = 0.25;
            response.Repairs.Add(new Repair { Path = "/n", What = "a number was read from the string \"1\"" });
        };
        _host = await EngineHost.StartAsync(
            database.Database, new Dictionary<string, string?> { ["Engine:Lease"] = "00:01:00" }, _wire.Join, new RecordingTool("web", Effect.ReadOnly), new RecordingTool("act", Effect.Idempotent));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Calls_after_an_untrusted_result_say_so_also_in_children_and_after_a_child_that_has_read_it()
    {
        var reader = await _host.AgentAsync("""{"rules":[{"match":"read","calls":[{"tool":"web","arguments":{}}],"say":"read"}],"otherwise":"nothing"}""", ["web"]);
        var actor = await _host.AgentAsync("""{"rules":[{"match":"go","calls":[{"tool":"act","arguments":{}}],"say":"acted"}],"otherwise":"?"}""", ["act"]);
        var script =
            $$$"""
            {"rules":[{"match":"go","sequence":true,"calls":[
               {"tool":"act","arguments":{}},
               {"tool":"run_agent","arguments":{"agent":"{{{reader}}}","input":"read"}},
               {"tool":"act","arguments":{}},
               {"tool":"run_agent","arguments":{"agent":"{{{actor}}}","input":"go"}}],"say":"done"}],"otherwise":"?"}
            """;
        var agent = await _host.AgentAsync(script, ["act", "run_agent"], agents: [reader, actor]);
        var run = (await _host.StartAsync(agent, "go")).Id;

        (await _host.UntilAsync(run, RunStatus.Completed, RunStatus.Failed)).Output.ShouldBe("done");

        _wire.Sent.Select(c => (c.Name, c.Tainted)).ShouldBe([("act", false), ("web", false), ("act", true), ("act", true)]);
        (await _host.History.ReplayRunAsync(new ReplayRunRequest { RunId = run })).Same.ShouldBeTrue();
    }

    [Fact]
    public async Task A_run_that_another_server_goes_on_with_is_as_tainted_as_it_was()
    {
        var script =
            """
            {"rules":[{"match":"go","sequence":true,"calls":[{"tool":"web","arguments":{}},{"tool":"ask_person","arguments":{"question":"Go on?"}},{"tool":"act","arguments":{}}],
              "say":"done"}],"otherwise":"?"}
            """;
        var agent = await _host.AgentAsync(script, ["web", "act", "ask_person"]);
        var run = (await _host.StartAsync(agent, "go")).Id;
        var item = (await _host.ItemsAsync(run))[0];
        await _host.UntilAsync(run, RunStatus.Waiting);
        await _host.DisposeAsync();
        _host = await EngineHost.StartAsync(
            database.Database, new Dictionary<string, string?> { ["Engine:Lease"] = "00:01:00" }, _wire.Join, new RecordingTool("web", Effect.ReadOnly), new RecordingTool("act", Effect.Idempotent));

        await _host.Inbox.AnswerItemAsync(new AnswerItemRequest { Id = item.Id, Text = "Yes." });

        await _host.UntilAsync(run, RunStatus.Completed);
        _wire.Sent.Select(c => (c.Name, c.Tainted)).ShouldBe([("web", false), ("act", true)]);
        (await _host.EntriesAsync(run)).Where(e => e.Tool is not null).Select(e => e.Tool.Untrusted).ShouldBe([true, false, false]);
    }

    [Fact]
    public async Task A_later_run_of_a_session_is_as_tainted_as_what_was_said_before_it()
    {
        var reader = await _host.AgentAsync(Reads, ["web"]);
        var actor = await _host.AgentAsync(Acts, ["act"]);
        var (marked, plain) = (await SessionAsync(), await SessionAsync());
        await _host.UntilAsync((await _host.StartAsync(actor, "go", marked)).Id, RunStatus.Completed);
        await _host.UntilAsync((await _host.StartAsync(reader, "read", marked)).Id, RunStatus.Completed);
        var later = (await _host.StartAsync(actor, "go", marked)).Id;
        await _host.UntilAsync(later, RunStatus.Completed);
        await _host.UntilAsync((await _host.StartAsync(actor, "go", plain)).Id, RunStatus.Completed);

        _wire.Sent.Select(c => (c.Name, c.SessionId == marked, c.Tainted)).ShouldBe([("act", true, false), ("web", true, false), ("act", true, true), ("act", false, false)]);
        (await _host.History.ReplayRunAsync(new ReplayRunRequest { RunId = later })).Same.ShouldBeTrue();
    }

    [Fact]
    public async Task What_a_tainted_run_sends_taints_who_reads_it_and_who_is_started_by_it()
    {
        var (inbox, topic) = ("b" + EngineHost.NewName()[2..20], "t" + EngineHost.NewName()[2..20]);
        await _host.AgentAsync(
            "{\"rules\":[{\"match\":\"go\",\"sequence\":true,\"calls\":[{\"tool\":\"receive_messages\",\"arguments\":{}},{\"tool\":\"act\",\"arguments\":{}}],\"say\":\"acted\"}],\"otherwise\":\"?\"}",
            ["receive_messages", "act"], name: inbox);
        var started = await _host.AgentAsync("{\"rules\":[{\"match\":\"news\",\"calls\":[{\"tool\":\"act\",\"arguments\":{}}],\"say\":\"acted\"}],\"otherwise\":\"?\"}", ["act"]);
        var messages = new MessageService.MessageServiceClient(_host.Channel);
        await messages.SubscribeAsync(new SubscribeRequest { Topic = topic, Subscriber = $"agent:{started}", StartsRun = true, Input = "{{payload}}" });
        string Sends(string before) =>
            $$"""
            {"rules":[{"match":"go","sequence":true,"calls":[{{before}}
              {"tool":"send_message","arguments":{"to":"agent:{{inbox}}","performative":"inform","content":"news"} },
              {"tool":"send_message","arguments":{"to":"topic:{{topic}}","performative":"inform","content":"news"} }],"say":"sent"}],"otherwise":"?"}
            """;

        foreach (var (before, tainted) in new[] { ("", false), ("{\"tool\":\"web\",\"arguments\":{}},", true) })
        {
            _wire.Sent.Clear();
            var sender = await _host.AgentAsync(Sends(before), ["web", "send_message"]);
            await _host.UntilAsync((await _host.StartAsync(sender, "go")).Id, RunStatus.Completed);
            await _host.UntilAsync((await _host.StartAsync(inbox, "go")).Id, RunStatus.Completed);
            await Eventually.HoldsAsync(() => _wire.Sent.Count(c => c.Name == "act") == 2, () => $"both to act; there were {string.Join(", ", _wire.Sent)}");

            _wire.Sent.Where(c => c.Name == "act").Select(c => (c.Agent, c.Tainted)).ShouldBe([(inbox, tainted), (started, tainted)], ignoreOrder: true);
        }
    }

    [Fact]
    public async Task A_client_says_that_what_it_hands_over_is_untrusted()
    {
        var actor = await _host.AgentAsync(Acts, ["act"]);
        var run = (await _host.Runs.StartRunAsync(new StartRunRequest { Agent = actor, Input = "go", Tainted = true })).Run.Id;
        var turn = (await _host.Runs.StartRunAsync(new StartRunRequest { Agent = actor, Input = "go", Tainted = true, SessionId = await SessionAsync() })).Run.Id;

        await _host.UntilAsync(run, RunStatus.Completed);
        await _host.UntilAsync(turn, RunStatus.Completed);

        _wire.Sent.Select(c => c.Tainted).ShouldBe([true, true]);
    }

    [Fact]
    public async Task Calls_tell_what_the_agent_is_capable_of()
    {
        var agent = await _host.AgentAsync("{\"rules\":[{\"match\":\"go\",\"calls\":[{\"tool\":\"act\",\"arguments\":{}}],\"say\":\"acted\"}],\"otherwise\":\"?\"}", ["act"]);
        var definition = (await _host.Agents.GetAgentAsync(new GetAgentRequest { Name = agent })).Agent.Definition;
        definition.Capabilities.Add(["payments", "audit"]);
        await _host.Agents.UpdateAgentAsync(new UpdateAgentRequest { Definition = definition });

        await _host.UntilAsync((await _host.StartAsync(agent, "go")).Id, RunStatus.Completed);

        _wire.Sent.ShouldHaveSingleItem().Capabilities.ShouldBe(["payments", "audit"]);
    }

    [Fact]
    public async Task What_was_put_right_and_what_it_cost_is_in_the_journal_and_the_session_in_the_call()
    {
        var agent = await _host.AgentAsync("""{"rules":[{"match":"go","calls":[{"tool":"act","arguments":{}}],"say":"acted"}],"otherwise":"?"}""", ["act"]);
        var session = (await _host.Sessions.CreateSessionAsync(new CreateSessionRequest())).Session.Id;
        var run = (await _host.StartAsync(agent, "go", session)).Id;

        var ended = await _host.UntilAsync(run, RunStatus.Completed);

        ended.Usage.CostUsd.ShouldBe("0.25");
        var entry = (await _host.EntriesAsync(run)).Single(e => e.Tool is not null);
        entry.Usage.CostUsd.ShouldBe("0.25");
        entry.Tool.Repairs.ShouldHaveSingleItem().Path.ShouldBe("/n");
        _wire.Sent.ShouldHaveSingleItem().SessionId.ShouldBe(session);
    }

    private async Task<string> SessionAsync() => (await _host.Sessions.CreateSessionAsync(new CreateSessionRequest())).Session.Id;
}
