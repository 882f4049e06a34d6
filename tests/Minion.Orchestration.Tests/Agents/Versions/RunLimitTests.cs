using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Tests.Hosting;
using Npgsql;

namespace Minion.Orchestration.Tests.Agents.Versions;

public sealed class RunLimitTests(EngineDatabase database) : IClassFixture<EngineDatabase>
{
    private const string Script = """{"rules":[{"match":"go","calls":[{"tool":"crowd","arguments":{}}],"say":"done"}],"otherwise":"hi"}""";

    [Fact]
    public async Task Two_hundred_runs_of_an_agent_limited_to_three_are_never_more_than_three_at_once()
    {
        var tool = new CrowdTool();
        await using var one = await StartAsync(tool);
        await using var two = await StartAsync(tool);
        var agent = await one.AgentAsync(Script, ["crowd"]);
        await one.Agents.ScaleAgentAsync(new ScaleAgentRequest { Name = agent, MaxRuns = 3 });

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? one : two).StartAsync(agent, "go")));
        await Eventually.HoldsAsync(() => tool.Inside == 3, "three runs to be under way");
        var others = await one.AgentAsync(Script);
        await one.UntilAsync((await one.StartAsync(others, "hello")).Id, RunStatus.Completed);
        var status = (await one.Status.GetStatusAsync(new GetStatusRequest())).AgentActivity.Single(a => a.Agent == agent);
        (status.Running, status.Queued, status.MaxRuns, status.Active).ShouldBe((3, 197, 3, true));

        tool.LetGo();
        var most = 0L;
        await Eventually.HoldsAsync(
            async () =>
            {
                most = Math.Max(most, await HeldAsync(one, agent));
                return await CountAsync(one, agent, "completed") == 200;
            },
            "all runs to complete");

        most.ShouldBeInRange(1, 3);
        tool.Most.ShouldBe(3);
        (await LeftOverAsync(one)).ShouldBe(0);
    }

    [Fact]
    public async Task A_worker_that_dies_with_the_slots_leaves_them_to_others()
    {
        var tool = new CrowdTool();
        await using var one = await StartAsync(tool);
        var agent = await one.AgentAsync(Script, ["crowd"]);
        await one.Agents.ScaleAgentAsync(new ScaleAgentRequest { Name = agent, MaxRuns = 2 });
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => one.StartAsync(agent, "go")));
        await Eventually.HoldsAsync(() => tool.Inside == 2, "two runs to be under way");

        await using var two = await StartAsync(tool);
        await one.ExecuteAsync("DELETE FROM orchestration.workers WHERE id IN (SELECT worker_id FROM orchestration.runs WHERE agent = $1)", agent);
        await Eventually.HoldsAsync(async () => await CountAsync(two, agent, "ready") == 4 && await HeldAsync(two, agent) == 2, "the runs to be held again");
        tool.LetGo();

        await Eventually.HoldsAsync(async () => await CountAsync(two, agent, "completed") == 6, "all runs to complete");
        (await LeftOverAsync(two)).ShouldBe(0);
    }

    [Fact]
    public async Task The_agents_of_a_cluster_share_its_limit()
    {
        var tool = new CrowdTool();
        await using var host = await StartAsync(tool);
        var (a, b) = ($"a-{Guid.CreateVersion7():N}", $"b-{Guid.CreateVersion7():N}");
        var model = $"m-{Guid.CreateVersion7():N}";
        await host.Clusters.ApplyClusterAsync(new ApplyClusterRequest
        {
            Content = $$"""
                apiVersion: minion.dev/v1
                kind: AgentCluster
                metadata: { name: shared }
                resource_policy: { max_concurrent_runs: 4 }
                models: [ { name: {{model}}, provider: scripted, script: {{Script}} } ]
                agents:
                  - { name: {{a}}, model: {{model}}, tools: [crowd], concurrency: 1 }
                  - { name: {{b}}, model: {{model}}, tools: [crowd] }
                """,
        });

        await Task.WhenAll(Enumerable.Range(0, 10).SelectMany(_ => new[] { host.StartAsync(a, "go"), host.StartAsync(b, "go") }));
        await Eventually.HoldsAsync(() => tool.Inside == 4, "four runs to be under way");
        // Those of the other agent may have been quicker to take all of the cluster's room.
        (await HeldAsync(host, a)).ShouldBeInRange(0, 1);
        tool.LetGo();

        await Eventually.HoldsAsync(async () => await CountAsync(host, a, "completed") + await CountAsync(host, b, "completed") == 20, "all runs to complete");
        tool.Most.ShouldBe(4);
    }

    [Fact]
    public async Task A_run_that_waits_for_room_is_cancelled_at_once_and_gets_room_when_the_limit_is_raised()
    {
        var tool = new CrowdTool();
        await using var host = await StartAsync(tool);
        var agent = await host.AgentAsync(Script, ["crowd"]);
        await host.Agents.ScaleAgentAsync(new ScaleAgentRequest { Name = agent, MaxRuns = 1 });
        await host.StartAsync(agent, "go");
        await Eventually.HoldsAsync(() => tool.Inside == 1, "a run to be under way");
        var second = await host.StartAsync(agent, "go");
        var third = await host.StartAsync(agent, "go");

        await host.Runs.CancelRunAsync(new CancelRunRequest { Id = second.Id });
        await host.UntilAsync(second.Id, RunStatus.Cancelled);
        (await host.GetAsync(third.Id)).Status.ShouldBe(RunStatus.Ready);
        await host.Agents.ScaleAgentAsync(new ScaleAgentRequest { Name = agent, MaxRuns = 0 });
        await host.UntilAsync(third.Id, RunStatus.Running);

        tool.LetGo();
        await host.UntilAsync(third.Id, RunStatus.Completed);
        (await LeftOverAsync(host)).ShouldBe(0);
        var changes = (await host.Agents.ListAgentChangesAsync(new ListAgentChangesRequest { Name = agent })).Changes;
        changes.Where(c => c.Kind == "scaled").Select(c => c.Detail).ShouldBe(["no limit", "1 at once"]);
    }

    [Fact]
    public async Task A_hundred_agents_execute_a_thousand_runs_at_once_in_one_process()
    {
        // A lease that the worker keeps also with a thousand runs on a busy machine.
        var tool = new CrowdTool();
        await using var host = await EngineHost.StartAsync(database.Database, lease: "00:01:00", tools: tool);
        var names = Enumerable.Range(0, 100).Select(i => $"many-{i}").ToList();
        await host.Clusters.ApplyClusterAsync(new ApplyClusterRequest
        {
            Content = $$"""
                apiVersion: minion.dev/v1
                kind: AgentCluster
                metadata: { name: many }
                models: [ { name: many, provider: scripted, script: {{Script}} } ]
                agents: [ {{string.Join(", ", names.Select(n => $"{{ name: {n}, model: many, tools: [crowd] }}"))}} ]
                """,
        });

        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => host.StartAsync(names[i % names.Count], "go")));
        await Eventually.HoldsAsync(() => tool.Inside == 1_000, "all runs to be under way");
        (await host.Status.GetStatusAsync(new GetStatusRequest())).AgentActivity.Count(a => a is { Running: 10, Active: true }).ShouldBe(100);
        tool.LetGo();

        await Eventually.HoldsAsync(
            async () => await ScalarAsync(host, "SELECT count(*) FROM orchestration.runs WHERE agent LIKE 'many-%' AND status = 'completed'") == 1_000,
            "all runs to complete");
    }

    private Task<EngineHost> StartAsync(CrowdTool tool) => EngineHost.StartAsync(database.Database, lease: "00:00:10", tools: tool);

    private static Task<long> HeldAsync(EngineHost host, string agent) =>
        ScalarAsync(host, "SELECT count(*) FROM orchestration.runs WHERE agent = $1 AND worker_id IS NOT NULL", agent);

    private static Task<long> CountAsync(EngineHost host, string agent, string status) =>
        ScalarAsync(host, "SELECT count(*) FROM orchestration.runs WHERE agent = $1 AND status = $2", agent, status);

    private static Task<long> LeftOverAsync(EngineHost host) => ScalarAsync(host, "SELECT count(*) FROM orchestration.parked");

    private static async Task<long> ScalarAsync(EngineHost host, string sql, params string[] values)
    {
        await using var command = host.Engine.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return (long)(await command.ExecuteScalarAsync())!;
    }
}
