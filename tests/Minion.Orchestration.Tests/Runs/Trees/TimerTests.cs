using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Tests.Hosting;
using Entry = Minion.Contracts.Orchestration.V1.Entry;

namespace Minion.Orchestration.Tests.Runs.Trees;

/// <summary>Runs that go on at a time.</summary>
public sealed class TimerTests(EngineDatabase database) : IClassFixture<EngineDatabase>
{
    [Fact]
    public async Task A_run_goes_on_when_the_time_has_come_that_it_waits_for()
    {
        await using var host = await HostAsync();
        var agent = await host.AgentAsync(Teams.Echo, behaviour: "nap");
        var run = await host.UntilAsync((await host.StartAsync(agent, "200")).Id, RunStatus.Completed);

        var entries = await host.EntriesAsync(run.Id);
        entries.Select(e => e.KindCase).ShouldBe([Entry.KindOneofCase.Time, Entry.KindOneofCase.Completed]);
        (entries[0].EndedAt.ToDateTimeOffset() - run.CreatedAt.ToDateTimeOffset()).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(200));
    }

    [Fact]
    public async Task A_run_that_waits_for_a_time_shows_it_and_can_be_cancelled()
    {
        await using var host = await HostAsync();
        var agent = await host.AgentAsync(Teams.Echo, behaviour: "nap");
        var run = await host.UntilAsync((await host.StartAsync(agent, "600000")).Id, RunStatus.Waiting);

        run.WakeAt.ToDateTimeOffset().ShouldBe(run.CreatedAt.ToDateTimeOffset().AddMinutes(10), TimeSpan.FromSeconds(1));
        await host.Runs.CancelRunAsync(new CancelRunRequest { Id = run.Id });
        await host.UntilAsync(run.Id, RunStatus.Cancelled);
    }

    [Fact]
    public async Task A_run_that_waits_beyond_its_timeout_times_out()
    {
        await using var host = await HostAsync();
        var agent = await host.AgentAsync(Teams.Echo, behaviour: "nap", limits: new Limits { Timeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) });
        var run = await host.UntilAsync((await host.StartAsync(agent, "600000")).Id, RunStatus.Failed, RunStatus.Completed);

        run.Error.Kind.ShouldBe("timed_out");
    }

    [Fact]
    public async Task A_delayed_run_begins_when_its_time_has_come_and_has_its_whole_timeout()
    {
        await using var host = await HostAsync();
        var agent = await host.AgentAsync(Teams.Echo, limits: new Limits { Timeout = Duration.FromTimeSpan(TimeSpan.FromMinutes(1)) });
        var at = TimeProvider.System.GetUtcNow().AddHours(1);
        var run = (await host.Runs.StartRunAsync(new StartRunRequest { Agent = agent, Input = "hi", StartAt = at.ToTimestamp() })).Run;

        run.Status.ShouldBe(RunStatus.Waiting);
        run.StartedAt.ShouldBeNull();
        run.WakeAt.ToDateTimeOffset().ShouldBe(at, TimeSpan.FromMilliseconds(1));
        run.Deadline.ToDateTimeOffset().ShouldBe(at.AddMinutes(1), TimeSpan.FromMilliseconds(1));
        (await host.GetAsync(run.Id)).ShouldBe(run);

        await host.ExecuteAsync("UPDATE orchestration.runs SET wake_at = now() WHERE id = $1", Guid.Parse(run.Id));
        (await host.UntilAsync(run.Id, RunStatus.Completed)).Output.ShouldBe("echo.");
    }

    [Fact]
    public async Task A_start_more_than_a_year_ahead_is_refused()
    {
        await using var host = await HostAsync();
        var agent = await host.AgentAsync(Teams.Echo);
        var at = TimeProvider.System.GetUtcNow().AddYears(2);
        var refused = await Should.ThrowAsync<RpcException>(
            () => host.Runs.StartRunAsync(new StartRunRequest { Agent = agent, Input = "hi", StartAt = at.ToTimestamp() }).ResponseAsync);

        refused.StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    private Task<EngineHost> HostAsync() =>
        EngineHost.StartAsync(database.Database, new Dictionary<string, string?>(), services => services.AddBehaviour<Nap>());

    /// <summary>Waits for as many milliseconds as it is asked to.</summary>
    private sealed class Nap : IBehaviour
    {
        public string Name => "nap@1";

        public Decision Next(RunState state) => state.LastSeq > 0
            ? new Finish("awake")
            : new Wait([]) { Until = state.Now.AddMilliseconds(int.Parse(state.Input, System.Globalization.CultureInfo.InvariantCulture)) };
    }
}
