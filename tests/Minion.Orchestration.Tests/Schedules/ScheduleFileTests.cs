using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Tests.Hosting;
using Action = Minion.Contracts.Orchestration.V1.Change.Types.Action;
using ScheduleClient = Minion.Contracts.Orchestration.V1.ScheduleService.ScheduleServiceClient;

namespace Minion.Orchestration.Tests.Schedules;

/// <summary><c>schedules:</c> of cluster files.</summary>
public sealed class ScheduleFileTests(EngineDatabase fixture) : IClassFixture<EngineDatabase>, IAsyncLifetime
{
    private const string Head = """
        apiVersion: minion.dev/v1
        kind: AgentCluster
        metadata: { name: NAME }
        models: [ { name: NAME, provider: scripted, script: { otherwise: '-' } } ]
        agents: [ { name: NAME, model: NAME } ]
        schedules:
        """;

    private readonly string _name = $"c{Guid.CreateVersion7():N}"[..30];
    private EngineHost _host = null!;
    private ScheduleClient _schedules = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await EngineHost.StartAsync(fixture.Database);
        _schedules = new ScheduleClient(_host.Channel);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task They_are_created_changed_left_alone_exported_and_removed()
    {
        const string both = """

              - { name: NAME-a, agent: NAME, cron: '0 0 8 ? * MON-FRI', time_zone: Europe/Berlin, input: 'go {{number}}', missed: all, max_missed: 7, overlap: queue, own_session: true, priority: 5 }
              - { name: NAME-b, agent: NAME, every: 1h30m, input: go, starts_at: 2026-01-31T08:00+01:00, ends_at: 2099-01-01T00:00:00Z }
            """;
        (await ApplyAsync(both)).ShouldBe([Action.Created, Action.Created]);
        (await ApplyAsync(both)).ShouldBe([Action.Unchanged, Action.Unchanged]);
        var first = (await _schedules.GetScheduleAsync(new GetScheduleRequest { Name = _name + "-a" })).Schedule;
        first.Cluster.ShouldBe(_name);
        first.Definition.ShouldSatisfyAllConditions(
            d => d.Missed.ShouldBe(MissedPolicy.All), d => d.MaxMissed.ShouldBe(7), d => d.Overlap.ShouldBe(OverlapPolicy.Queue), d => d.OwnSession.ShouldBeTrue(), d => d.Priority.ShouldBe(5));

        var exported = (await _host.Clusters.ExportClusterAsync(new ExportClusterRequest { Name = _name })).Content;
        (await ApplyContentAsync(exported)).ShouldBe([Action.Unchanged, Action.Unchanged], exported);

        (await ApplyAsync("""

              - { name: NAME-a, agent: NAME, cron: '0 0 9 ? * MON-FRI', time_zone: Europe/Berlin, input: go }
            """)).ShouldBe([Action.Updated, Action.Removed]);
        (await _schedules.ListSchedulesAsync(new ListSchedulesRequest { Agent = _name })).Schedules.ShouldHaveSingleItem().Definition.Cron.ShouldBe("0 0 9 ? * MON-FRI");
        var error = await Should.ThrowAsync<RpcException>(async () => await _schedules.DeleteScheduleAsync(new DeleteScheduleRequest { Name = _name + "-a" }));
        FaultDetails.From(error).Reason.ShouldBe("SCHEDULE_OF_CLUSTER");
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once_with_its_place()
    {
        var error = await Should.ThrowAsync<RpcException>(() => ApplyAsync("""

              - { name: a, agent: nobody, cron: 0 99 8 ? * MON, time_zone: Mars/Olympus, input: 'x {{y}}' }
              - { name: b, agent: NAME, cron: 0 0 8 ? * MON, every: 1h, input: x, missed: sometimes, color: red }
              - { name: c, agent: NAME, input: x, at: tomorrow }
              - { name: d, agent: NAME, input: x }
              - { name: d, agent: NAME, input: x, every: 1ms }
            """));

        var fields = FaultDetails.From(error).Fields.Select(f => f.Field).ToList();
        string[] expected =
        [
            "schedules[0].agent", "schedules[0].cron", "schedules[0].time_zone", "schedules[0].input", "schedules[1].every", "schedules[1].missed", "schedules[1].color",
            "schedules[2].at", "schedules[3].cron", "schedules[4].name", "schedules[4].every",
        ];
        fields.ShouldBe(expected, ignoreOrder: true);
    }

    private Task<List<Action>> ApplyAsync(string schedules) => ApplyContentAsync((Head + schedules).Replace("NAME", _name, StringComparison.Ordinal));

    private async Task<List<Action>> ApplyContentAsync(string content)
    {
        var response = await _host.Clusters.ApplyClusterAsync(new ApplyClusterRequest { Content = content, Source = "test.yaml" });
        return [.. response.Changes.Where(c => c.Kind == "schedule").Select(c => c.Action)];
    }
}
