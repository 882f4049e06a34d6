using Grpc.Core;
using Minion.Contracts.Orchestration.V1;
using Minion.Contracts.Tools.V1;
using Minion.Orchestration.Tests.Hosting;
using Entry = Minion.Contracts.Orchestration.V1.Entry;

namespace Minion.Orchestration.Tests.Runs.Trees;

/// <summary>Cancels and ends that reach a whole tree, and children whose failure does not.</summary>
public sealed class StopTests(EngineDatabase database) : IClassFixture<EngineDatabase>
{
    private const string Works = """{"rules":[{"match":"work","calls":[{"tool":"gated","arguments":{}}],"say":"done","on_error":"it broke"}],"otherwise":"?"}""";

    private static readonly RunStatus[] Ends = [RunStatus.Completed, RunStatus.Failed, RunStatus.Cancelled];

    [Fact]
    public async Task A_cancel_reaches_every_run_of_the_tree_and_the_call_under_way()
    {
        var tool = new GatedTool("gated", Effect.ReadOnly);
        await using var host = await EngineHost.StartAsync(database.Database, tools: tool);
        var worker = await host.AgentAsync(Works, ["gated"]);
        var middle = await host.AgentAsync(Teams.Asks, ["run_agent"], agents: [worker]);
        var lead = await host.AgentAsync(Teams.Asks, ["run_agent"], agents: [middle]);
        var run = await host.StartAsync(lead, $"ask {middle} ask {worker} work");
        await Eventually.HoldsAsync(() => tool.Keys.Count == 1, "the tool to be called");

        await host.Runs.CancelRunAsync(new CancelRunRequest { Id = run.Id, Reason = "enough" });
        await Eventually.HoldsAsync(() => tool.Stopped == 1, "the call to be given up");
        var tree = await UntilEndedAsync(host, run.Id);

        tree.Nodes.Select(n => n.Run.Status).ShouldBe([RunStatus.Cancelled, RunStatus.Cancelled, RunStatus.Cancelled]);
    }

    [Fact]
    public async Task The_end_of_a_parent_ends_its_children_and_theirs()
    {
        var tool = new GatedTool("gated", Effect.ReadOnly);
        await using var host = await EngineHost.StartAsync(database.Database, tools: tool);
        var worker = await host.AgentAsync(Works, ["gated"]);
        var middle = await host.AgentAsync(Teams.Asks, ["run_agent"], agents: [worker]);
        var lead = await host.AgentAsync(Teams.Asks, ["run_agent"], agents: [middle]);
        var run = await host.StartAsync(lead, $"ask {middle} ask {worker} work");
        await Eventually.HoldsAsync(() => tool.Keys.Count == 1, "the tool to be called");
        await host.UntilAsync(run.Id, RunStatus.Waiting);

        await host.ExecuteAsync(
            "UPDATE orchestration.runs SET deadline = now() - interval '1 second', wake_at = now() WHERE id = $1", Guid.Parse(run.Id));
        var ended = await host.UntilAsync(run.Id, RunStatus.Failed);
        ended.Error.Kind.ShouldBe("timed_out");
        var tree = await UntilEndedAsync(host, run.Id);

        tree.Nodes.Skip(1).Select(n => n.Run.Status).ShouldBe([RunStatus.Cancelled, RunStatus.Cancelled]);
        await Eventually.HoldsAsync(() => tool.Stopped == 1, "the call to be given up");
    }

    [Fact]
    public async Task A_child_that_hangs_ends_by_its_own_timeout_and_its_parent_goes_on()
    {
        var tool = new GatedTool("gated", Effect.ReadOnly);
        await using var host = await EngineHost.StartAsync(database.Database, tools: tool);
        var worker = await host.AgentAsync(Works, ["gated"], new Limits { Timeout = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) });
        var lead = await host.AgentAsync(Teams.Asks, ["run_agent"], agents: [worker]);
        var run = await host.UntilAsync((await host.StartAsync(lead, $"ask {worker} work")).Id, Ends);

        run.Status.ShouldBe(RunStatus.Completed, run.ToString());
        run.Output.ShouldStartWith("No: ");
        (await host.EntriesAsync(run.Id)).Single(e => e.KindCase == Entry.KindOneofCase.Child).Child.Failure.Kind.ShouldBe("timed_out");
    }

    [Fact]
    public async Task A_call_that_brings_nothing_within_the_idle_timeout_fails_the_run()
    {
        var tool = new GatedTool("gated", Effect.ReadOnly);
        await using var host = await EngineHost.StartAsync(database.Database, tools: tool);
        var worker = await host.AgentAsync(
            Works, ["gated"], new Limits { IdleTimeout = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) });
        var run = await host.UntilAsync((await host.StartAsync(worker, "work")).Id, Ends);

        run.Error.Kind.ShouldBe("idle_timeout");
        await Eventually.HoldsAsync(() => tool.Stopped == 1, "the call to be given up");
    }

    [Fact]
    public async Task A_cancel_that_races_with_the_start_of_children_leaves_none_behind()
    {
        await using var host = await EngineHost.StartAsync(database.Database);
        var slow = await host.AgentAsync("""{"delay":"5s","rules":[],"otherwise":"a b c d e f g h"}""");
        var middle = await host.AgentAsync(Teams.AsksMany, ["run_agent"], agents: [slow]);
        var lead = await host.AgentAsync(Teams.Asks, ["run_agent"], agents: [middle]);
        var input = $"ask {middle} [{slow}:a|b] [{slow}:c|d] [{slow}:e|f]";
        for (var i = 0; i < 12; i++)
        {
            var run = await host.StartAsync(lead, input);
            var seen = i;
            await Eventually.HoldsAsync(async () => (await TreeAsync(host, run.Id)).Nodes.Count > Math.Min(seen / 2, 4), () => $"{seen} runs");
            await host.Runs.CancelRunAsync(new CancelRunRequest { Id = run.Id });
            var tree = await UntilEndedAsync(host, run.Id);
            tree.Nodes.ShouldAllBe(n => n.Run.Status == RunStatus.Cancelled);
        }
    }

    [Fact]
    public async Task A_child_is_not_retried_by_itself()
    {
        await using var host = await EngineHost.StartAsync(database.Database);
        var silent = await host.AgentAsync("""{"rules":[],"otherwise":" "}""");
        var lead = await host.AgentAsync(Teams.Asks, ["run_agent"], agents: [silent]);
        var run = await host.UntilAsync((await host.StartAsync(lead, $"ask {silent} hello")).Id, RunStatus.Completed);
        var child = (await TreeAsync(host, run.Id)).Nodes[1].Run;

        child.Status.ShouldBe(RunStatus.Failed);
        var refused = await Should.ThrowAsync<RpcException>(() => host.Runs.RetryRunAsync(new RetryRunRequest { Id = child.Id }).ResponseAsync);
        refused.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        refused.Status.Detail.ShouldContain("has had its end");
    }

    private static async Task<GetRunTreeResponse> TreeAsync(EngineHost host, string run) =>
        await host.Runs.GetRunTreeAsync(new GetRunTreeRequest { Id = run, WithSteps = true });

    private static async Task<GetRunTreeResponse> UntilEndedAsync(EngineHost host, string run)
    {
        GetRunTreeResponse? tree = null;
        await Eventually.HoldsAsync(
            async () => (tree = await TreeAsync(host, run)).Nodes.All(n => Array.IndexOf(Ends, n.Run.Status) >= 0), () => $"the tree to end: {tree}");
        return tree!;
    }
}
