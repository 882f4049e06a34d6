using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Tests.Hosting;

namespace Minion.Orchestration.Tests.Runs.Trees;

/// <summary>How trees are read.</summary>
public sealed class TreeListTests(EngineDatabase database) : IClassFixture<EngineDatabase>, IAsyncLifetime
{
    private EngineHost _host = null!;
    private string _lead = "";
    private string _echo = "";
    private Run _run = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await EngineHost.StartAsync(database.Database);
        _echo = await _host.AgentAsync(Teams.Echo);
        _lead = await _host.AgentAsync(Teams.AsksMany, ["run_agent"], agents: [_echo]);
        _run = await _host.UntilAsync((await _host.StartAsync(_lead, $"[{_echo}:a|b]")).Id, RunStatus.Completed);
    }

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_tree_has_what_each_run_did()
    {
        var tree = await _host.Runs.GetRunTreeAsync(new GetRunTreeRequest { Id = _run.Id, WithSteps = true });

        tree.Nodes.Select(n => (n.Run.Agent, n.ParentStep, n.ParentCall, n.StepCount)).ShouldBe([(_lead, 0, 0, 3), (_echo, 2, 0, 1), (_echo, 2, 1, 1)]);
        tree.Nodes[0].Steps.Select(s => (s.Step, s.Call, s.Kind)).ShouldBe([(1, 0, "model"), (2, 0, "child"), (2, 1, "child"), (3, 0, "model")]);
        tree.Nodes[0].Steps[1].ChildId.ShouldBe(tree.Nodes[1].Run.Id);
        tree.Nodes[0].Steps[1].EndedAt.ShouldNotBeNull();
        tree.Truncated.ShouldBeFalse();
    }

    [Fact]
    public async Task A_list_leaves_children_out_unless_they_are_asked_for()
    {
        (await CountAsync(new() { Agent = _echo })).ShouldBe(0);
        (await CountAsync(new() { Agent = _echo, WithChildren = true })).ShouldBe(2);
        (await CountAsync(new() { ParentId = _run.Id })).ShouldBe(2);
        (await CountAsync(new() { RootId = _run.Id })).ShouldBe(2);
        (await CountAsync(new() { RootId = _run.Id, Statuses = { RunStatus.Failed } })).ShouldBe(0);
        (await CountAsync(new() { Agent = _lead, Statuses = { RunStatus.Failed, RunStatus.Completed } })).ShouldBe(1);
        (await CountAsync(new() { Agent = _lead, CreatedBefore = _run.CreatedAt })).ShouldBe(0);
        (await CountAsync(new() { Agent = _lead, CreatedFrom = _run.CreatedAt })).ShouldBe(1);
    }

    [Fact]
    public async Task Bad_filters_are_all_named()
    {
        var request = new ListRunsRequest { ParentId = "x", RootId = "y", Statuses = { (RunStatus)77 }, CreatedFrom = new Timestamp { Seconds = long.MaxValue } };
        var refused = await Should.ThrowAsync<RpcException>(() => _host.Runs.ListRunsAsync(request).ResponseAsync);

        refused.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        foreach (var field in new[] { "parent_id", "root_id", "statuses[0]", "created_from" })
        {
            refused.Status.Detail.ShouldContain(field);
        }
    }

    [Fact]
    public async Task A_tree_that_is_not_there_is_not_found() =>
        (await Should.ThrowAsync<RpcException>(() => _host.Runs.GetRunTreeAsync(new GetRunTreeRequest { Id = Guid.NewGuid().ToString() }).ResponseAsync))
            .StatusCode.ShouldBe(StatusCode.NotFound);

    private async Task<int> CountAsync(ListRunsRequest request) => (await _host.Runs.ListRunsAsync(request)).Runs.Count;
}
