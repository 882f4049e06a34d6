using Minion.Contracts.Orchestration.V1;
using Minion.Contracts.Tools.V1;
using Minion.Orchestration.Runs.Engine;
using Minion.Orchestration.Tests.Hosting;
using Npgsql;
using Entry = Minion.Contracts.Orchestration.V1.Entry;

namespace Minion.Orchestration.Tests.Runs.Trees;

/// <summary>Trees whose workers die, and trees over several workers.</summary>
public sealed class TreeRecoveryTests(EngineDatabase database) : IClassFixture<EngineDatabase>
{
    private const string Works = """{"rules":[{"match":"work","calls":[{"tool":"gated","arguments":{}}],"say":"done"}],"otherwise":"echo."}""";

    private static string AsksAndWorks(string who) =>
        $$$"""
        {"rules":[{"match":"both","calls":[{"tool":"run_agent","arguments":{"agent":"{{{who}}}","input":"hello"}},{"tool":"gated","arguments":{}}],
          "say":"{{run_agent.output}}"}],"otherwise":"?"}
        """;

    [Fact]
    public async Task A_childs_end_that_its_parent_had_not_folded_when_its_worker_died_is_folded_once_by_the_next()
    {
        var tool = new GatedTool("gated", Effect.ReadOnly);
        await using var one = await EngineHost.StartAsync(database.Database, lease: "00:00:10", tools: tool);
        var echo = await one.AgentAsync(Teams.Echo);
        var lead = await one.AgentAsync(AsksAndWorks(echo), ["run_agent", "gated"], agents: [echo]);
        var run = await one.StartAsync(lead, "both");
        await Eventually.HoldsAsync(() => tool.Keys.Count == 1, "the tool to be called");
        await Eventually.HoldsAsync(async () => await SignalsAsync(one, run.Id) == 1, "the child's end to be told");

        await using var two = await EngineHost.StartAsync(database.Database, lease: "00:00:10", tools: tool);
        await one.ExecuteAsync("DELETE FROM orchestration.workers WHERE id = (SELECT worker_id FROM orchestration.runs WHERE id = $1)", Guid.Parse(run.Id));
        var ended = await two.UntilAsync(run.Id, RunStatus.Completed);

        ended.Output.ShouldBe("echo.");
        var entries = await two.EntriesAsync(run.Id);
        entries.Count(e => e.KindCase == Entry.KindOneofCase.ChildStarted).ShouldBe(1);
        entries.Count(e => e.KindCase == Entry.KindOneofCase.Child).ShouldBe(1);
        tool.Open();
    }

    [Fact]
    public async Task The_end_of_a_child_is_told_once()
    {
        await using var host = await EngineHost.StartAsync(database.Database);
        var echo = await host.AgentAsync(Teams.Echo);
        var lead = await host.AgentAsync(Teams.Asks, ["run_agent"], agents: [echo]);
        var run = await host.UntilAsync((await host.StartAsync(lead, $"ask {echo} hi")).Id, RunStatus.Completed);
        await using var again = host.Engine.CreateCommand(
            TreeSql.End.Replace("unnest($1::text[], $2::uuid[], $3::bigint[], $4::bigint[], $5::text[], $6::uuid[], $7::timestamptz[])",
                "(SELECT tenant, id, epoch, next_seq, status, parent_id, ended_at FROM orchestration.runs WHERE parent_id = $1)", StringComparison.Ordinal));
        again.Parameters.Add(new NpgsqlParameter { Value = Guid.Parse(run.Id) });
        await again.ExecuteNonQueryAsync();

        (await SignalsAsync(host, run.Id)).ShouldBe(1);
        (await host.EntriesAsync(run.Id)).Count(e => e.KindCase == Entry.KindOneofCase.Child).ShouldBe(1);
    }

    [Fact]
    public async Task Children_run_on_several_workers_at_the_same_time()
    {
        var tools = new[] { new GatedTool("gated", Effect.ReadOnly), new GatedTool("gated", Effect.ReadOnly) };
        var single = new Dictionary<string, string?> { ["Engine:Lease"] = "00:00:10", ["Engine:Capacity"] = "1" };
        await using var one = await EngineHost.StartAsync(database.Database, single, tools[0]);
        await using var two = await EngineHost.StartAsync(database.Database, single, tools[1]);
        var worker = await one.AgentAsync(Works, ["gated"]);
        var lead = await one.AgentAsync(Teams.AsksMany, ["run_agent"], agents: [worker]);
        var run = await one.StartAsync(lead, $"[{worker}:work|work]");
        await Eventually.HoldsAsync(() => tools.All(t => t.Keys.Count == 1), "both workers to call the tool");

        Array.ForEach(tools, t => t.Open());
        (await one.UntilAsync(run.Id, RunStatus.Completed)).Output.ShouldBe("done done");
    }

    [Fact]
    public async Task A_parent_does_not_time_out_while_a_run_below_it_waits_for_a_person()
    {
        var tool = new BreakingTool();
        await using var host = await EngineHost.StartAsync(database.Database, tools: tool);
        var worker = await host.AgentAsync("""{"rules":[{"match":"work","calls":[{"tool":"gated","arguments":{}}],"say":"done","on_error":"no"}],"otherwise":"?"}""", ["gated"]);
        var middle = await host.AgentAsync(Teams.Asks, ["run_agent"], agents: [worker]);
        var lead = await host.AgentAsync(Teams.Asks, ["run_agent"], agents: [middle]);
        var run = await host.StartAsync(lead, $"ask {middle} ask {worker} work");
        Run? asking = null;
        await Eventually.HoldsAsync(
            async () => (asking = (await host.Runs.GetRunTreeAsync(new GetRunTreeRequest { Id = run.Id })).Nodes[^1].Run).Questions.Count == 1, () => $"a question: {asking}");
        await host.UntilAsync(run.Id, RunStatus.Waiting);

        // As if an hour had passed, and the parents' deadlines with it.
        await host.ExecuteAsync("UPDATE orchestration.runs SET waiting_since = waiting_since - interval '1 hour' WHERE id = $1", Guid.Parse(asking!.Id));
        await host.ExecuteAsync(
            "UPDATE orchestration.runs SET deadline = now() - interval '1 second', wake_at = now() WHERE root_id = $1 AND id <> $2", Guid.Parse(run.Id), Guid.Parse(asking.Id));
        await Eventually.HoldsAsync(
            async () => (await host.Runs.GetRunTreeAsync(new GetRunTreeRequest { Id = run.Id })).Nodes.All(
                n => n.Run.Status == RunStatus.Waiting && n.Run.Deadline.ToDateTimeOffset() > TimeProvider.System.GetUtcNow()),
            "the deadlines to move");

        await host.Runs.AnswerAsync(new AnswerRequest { RunId = asking.Id, Choice = "done" });
        (await host.UntilAsync(run.Id, RunStatus.Completed)).Output.ShouldBe("They said: They said: done");
    }

    private static async Task<long> SignalsAsync(EngineHost host, string run)
    {
        await using var command = host.Engine.CreateCommand("SELECT count(*) FROM orchestration.signals WHERE run_id = $1 AND kind = 'child'");
        command.Parameters.Add(new NpgsqlParameter { Value = Guid.Parse(run) });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
