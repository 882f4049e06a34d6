using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Runs;
using Minion.Orchestration.Schedules;
using Minion.Orchestration.Sessions;
using Minion.Orchestration.Tests.Hosting;
using Minion.Testing.Time;
using ScheduleClient = Minion.Contracts.Orchestration.V1.ScheduleService.ScheduleServiceClient;

namespace Minion.Orchestration.Tests.Schedules;

/// <summary>The hosts look at schedules by themselves only once a minute: the tests look for them, with clocks that they set.</summary>
public sealed class ScheduleServiceTests(EngineDatabase fixture) : IClassFixture<EngineDatabase>, IAsyncLifetime
{
    private const string Echo = """{ "rules": [ { "match": "^(?<all>.*)$", "say": "{{all}}" } ] }""";
    private static readonly Dictionary<string, string?> Quiet = new() { ["Schedules:Poll"] = "00:01:00" };

    private readonly JumpingClock _clock = new(TimeProvider.System);
    private EngineHost _host = null!;
    private ScheduleClient _schedules = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await EngineHost.StartAsync(fixture.Database, Quiet);
        _schedules = new ScheduleClient(_host.Channel);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.ExecuteAsync("DELETE FROM orchestration.schedules");
        await _host.ExecuteAsync("DELETE FROM orchestration.schedule_fires");
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task A_time_starts_a_run_with_the_input_filled_in()
    {
        var schedule = await CreateAsync(d => d.Input = "{{schedule}} no {{number}} of {{scheduled_at}} {{ fired_at }}");
        JustAfter(schedule, 1);

        await LookAsync();

        var fire = (await FiresAsync(schedule)).ShouldHaveSingleItem();
        fire.Status.ShouldBe(FireStatus.Started);
        var run = await _host.UntilAsync(fire.RunId, RunStatus.Completed);
        run.Output.ShouldStartWith($"{schedule.Definition.Name} no 1 of {fire.At.ToDateTime():yyyy-MM-ddTHH:mm:ssZ}");
        run.RequestId.ShouldStartWith($"schedule/{schedule.Id}/");
        var after = (await _schedules.GetScheduleAsync(new GetScheduleRequest { Name = schedule.Id })).Schedule;
        after.LastRunId.ShouldBe(fire.RunId);
        after.Fired.ShouldBe(1);
        after.NextAt.ShouldBe(fire.At + Duration.FromTimeSpan(TimeSpan.FromHours(1)));
    }

    [Fact]
    public async Task Many_that_look_at_once_start_each_run_once()
    {
        var schedules = new List<Schedule>();
        for (var i = 0; i < 5; i++)
        {
            schedules.Add(await CreateAsync(d => (d.Missed, d.Overlap) = (MissedPolicy.All, OverlapPolicy.Allow)));
        }

        _clock.Ahead = TimeSpan.FromHours(10.5);
        await using var other = await EngineHost.StartAsync(fixture.Database, Quiet);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => LookAsync(i % 2 == 0 ? _host : other))));

        foreach (var schedule in schedules)
        {
            var fires = await FiresAsync(schedule);
            fires.Count.ShouldBe(10);
            fires.ShouldAllBe(f => f.Status == FireStatus.Started);
            fires.Select(f => f.RunId).ShouldBeUnique();
            fires.Select(f => f.At).ShouldBeUnique();
            (await RunsAsync(schedule)).Count.ShouldBe(10);
        }
    }

    [Fact]
    public async Task A_clock_that_jumps_ahead_and_back_fires_nothing_twice()
    {
        var schedule = await CreateAsync(d => (d.Missed, d.Overlap) = (MissedPolicy.Once, OverlapPolicy.Allow));
        foreach (var hours in new[] { 3.1, 0.2, 1.1, 3.2, 2.9, 4.1, -5, 4.2 })
        {
            _clock.Ahead = TimeSpan.FromHours(hours);
            await LookAsync();
        }

        // One for the three that the first jump missed, one for the fourth.
        var fires = await FiresAsync(schedule);
        fires.Count.ShouldBe(2);
        (fires[0].At - fires[1].At).ToTimeSpan().ShouldBe(TimeSpan.FromHours(1));
        (await RunsAsync(schedule)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_run_that_was_started_before_a_crash_is_not_started_again()
    {
        var schedule = await CreateAsync(d => d.Overlap = OverlapPolicy.Allow);
        JustAfter(schedule, 1);
        await LookAsync();
        var first = (await FiresAsync(schedule)).ShouldHaveSingleItem();

        // As the process leaves it that dies between the run's acceptance and its own commit; the definition changes meanwhile.
        await _host.ExecuteAsync("UPDATE orchestration.schedule_fires SET status = 'due', run_id = NULL, retry_at = now() WHERE schedule_id = $1", Guid.Parse(schedule.Id));
        await _host.ExecuteAsync("UPDATE orchestration.schedules SET definition = definition || '{\"input\": \"other\"}' WHERE id = $1", Guid.Parse(schedule.Id));
        await LookAsync();

        (await FiresAsync(schedule)).ShouldHaveSingleItem().RunId.ShouldBe(first.RunId);
        (await RunsAsync(schedule)).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(OverlapPolicy.Skip)]
    [InlineData(OverlapPolicy.Queue)]
    [InlineData(OverlapPolicy.Allow)]
    public async Task A_run_that_still_goes_on_is_met_as_the_policy_says(OverlapPolicy overlap)
    {
        var tool = new GatedTool("gated", Contracts.Tools.V1.Effect.ReadOnly);
        await using var host = await EngineHost.StartAsync(fixture.Database, Quiet, tool);
        var agent = await host.AgentAsync("""{ "rules": [ { "match": "go", "calls": [ { "tool": "gated" } ], "say": "done" } ] }""", ["gated"]);
        var schedule = await CreateAsync(d => (d.Agent, d.Input, d.Missed, d.Overlap) = (agent, "go", MissedPolicy.All, overlap));
        _clock.Ahead = TimeSpan.FromHours(2.5);

        await LookAsync(host);

        var fires = await FiresAsync(schedule);
        fires.Count.ShouldBe(2);
        fires[1].Status.ShouldBe(FireStatus.Started);
        fires[0].Status.ShouldBe(overlap switch { OverlapPolicy.Skip => FireStatus.Skipped, OverlapPolicy.Queue => FireStatus.Due, _ => FireStatus.Started });
        fires[0].Reason.ShouldBe(overlap == OverlapPolicy.Skip ? $"run {fires[1].RunId} was still going" : "");
        tool.Open();
        await host.UntilAsync(fires[1].RunId, RunStatus.Completed);
        _clock.Ahead += TimeSpan.FromMinutes(2);
        await LookAsync(host);
        (await FiresAsync(schedule))[0].Status.ShouldBe(overlap == OverlapPolicy.Skip ? FireStatus.Skipped : FireStatus.Started);
    }

    [Fact]
    public async Task A_paused_schedule_fires_nothing_and_misses_nothing()
    {
        var schedule = await CreateAsync(d => d.Missed = MissedPolicy.All);
        var paused = (await _schedules.PauseScheduleAsync(new PauseScheduleRequest { Name = schedule.Definition.Name })).Schedule;
        paused.Status.ShouldBe(ScheduleStatus.Paused);
        paused.NextAt.ShouldBeNull();
        _clock.Ahead = TimeSpan.FromHours(9.5);
        await LookAsync();

        var resumed = (await _schedules.ResumeScheduleAsync(new ResumeScheduleRequest { Name = schedule.Definition.Name })).Schedule;

        resumed.Status.ShouldBe(ScheduleStatus.Active);
        resumed.NextAt.ShouldBe(schedule.NextAt);
        (await FiresAsync(schedule)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_delay_starts_one_run_and_ends_the_schedule()
    {
        var schedule = await CreateAsync(d => d.Delay = Duration.FromTimeSpan(TimeSpan.FromDays(2)));
        _clock.Ahead = TimeSpan.FromDays(1);
        await LookAsync();
        (await FiresAsync(schedule)).ShouldBeEmpty();
        _clock.Ahead = TimeSpan.FromDays(5);
        await LookAsync();
        await LookAsync();

        (await FiresAsync(schedule)).ShouldHaveSingleItem().Status.ShouldBe(FireStatus.Started);
        (await _schedules.GetScheduleAsync(new GetScheduleRequest { Name = schedule.Id })).Schedule.Status.ShouldBe(ScheduleStatus.Ended);
    }

    [Fact]
    public async Task Runs_of_a_schedule_with_a_session_of_its_own_are_turns_of_it()
    {
        var schedule = await CreateAsync(d => (d.OwnSession, d.Input, d.Overlap) = (true, "turn {{number}}", OverlapPolicy.Allow));
        foreach (var time in new[] { 1, 2 })
        {
            JustAfter(schedule, time);
            await LookAsync();
            await _host.UntilAsync((await FiresAsync(schedule))[0].RunId, RunStatus.Completed);
        }

        var messages = (await _host.Sessions.ListMessagesAsync(new ListMessagesRequest { SessionId = schedule.Id })).Messages;
        messages.Where(m => m.Role == Role.User).Select(m => m.Content).ShouldBe(["turn 1", "turn 2"]);
    }

    [Fact]
    public async Task An_agent_that_is_gone_is_told_as_the_reason()
    {
        var schedule = await CreateAsync(_ => { });
        await _host.Agents.ChangeAgentStatusAsync(new ChangeAgentStatusRequest { Name = schedule.Definition.Agent, Status = AgentStatus.Inactive });
        JustAfter(schedule, 1);

        await LookAsync();

        var fire = (await FiresAsync(schedule)).ShouldHaveSingleItem();
        fire.Status.ShouldBe(FireStatus.Failed);
        fire.Reason.ShouldContain("inactive");
        (await _schedules.GetScheduleAsync(new GetScheduleRequest { Name = schedule.Id })).Schedule.LastFailure.ShouldContain("inactive");
    }

    [Fact]
    public async Task A_trigger_starts_a_run_now_once_for_each_request()
    {
        var schedule = await CreateAsync(_ => { });

        var runs = new HashSet<string>();
        for (var i = 0; i < 3; i++)
        {
            runs.Add((await _schedules.TriggerScheduleAsync(new TriggerScheduleRequest { Name = schedule.Definition.Name, RequestId = "r" })).RunId);
        }

        var run = runs.ShouldHaveSingleItem();
        await _host.UntilAsync(run, RunStatus.Completed);
        var fire = (await FiresAsync(schedule)).ShouldHaveSingleItem();
        fire.Triggered.ShouldBeTrue();
        (await _schedules.GetScheduleAsync(new GetScheduleRequest { Name = schedule.Id })).Schedule.NextAt.ShouldBe(schedule.NextAt);
    }

    [Fact]
    public async Task The_next_times_are_told_before_and_after_it_is_made()
    {
        var definition = new ScheduleDefinition { Cron = "0 0 8 ? * MON", TimeZone = "Europe/Berlin" };
        var after = Timestamp.FromDateTime(new DateTime(2026, 3, 20, 0, 0, 0, DateTimeKind.Utc));
        var preview = await _schedules.PreviewScheduleAsync(new PreviewScheduleRequest { Definition = definition, Count = 2, After = after });

        preview.Times.Select(t => t.ToDateTime()).ShouldBe([new DateTime(2026, 3, 23, 7, 0, 0), new DateTime(2026, 3, 30, 6, 0, 0)]);
        var schedule = await CreateAsync(d => (d.Cron, d.TimeZone) = (definition.Cron, definition.TimeZone));
        (await _schedules.PreviewScheduleAsync(new PreviewScheduleRequest { Name = schedule.Id })).Times.Count.ShouldBe(5);
    }

    [Fact]
    public async Task It_is_listed_changed_and_deleted()
    {
        var schedule = await CreateAsync(_ => { });
        var name = schedule.Definition.Name;

        (await _schedules.ListSchedulesAsync(new ListSchedulesRequest { Agent = schedule.Definition.Agent })).Schedules.ShouldHaveSingleItem().Id.ShouldBe(schedule.Id);
        var definition = schedule.Definition.Clone();
        definition.Cron = "0 30 * * * ?";
        (await _schedules.UpdateScheduleAsync(new UpdateScheduleRequest { Definition = definition })).Schedule.NextAt.ShouldNotBe(schedule.NextAt);
        (await DetailsAsync(_schedules.CreateScheduleAsync(new CreateScheduleRequest { Definition = definition }))).Reason.ShouldBe("SCHEDULE_EXISTS");
        await _schedules.DeleteScheduleAsync(new DeleteScheduleRequest { Name = name });
        (await DetailsAsync(_schedules.GetScheduleAsync(new GetScheduleRequest { Name = name }))).Reason.ShouldBe("SCHEDULE_NOT_FOUND");
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once()
    {
        var definition = new ScheduleDefinition { Name = "Not A Name", Cron = "61 0 12 * *", TimeZone = "Mars/Olympus", Input = "{{nothing}}", Priority = 101, MaxMissed = -1, SessionId = "x", OwnSession = true };

        var details = await DetailsAsync(_schedules.CreateScheduleAsync(new CreateScheduleRequest { Definition = definition }));

        details.Fields.Select(f => f.Field["definition.".Length..]).Distinct().Order().ShouldBe(["agent", "cron", "input", "max_missed", "name", "own_session", "priority", "session_id", "time_zone"]);
        definition = new ScheduleDefinition { Name = "n", Agent = "nobody", Input = "x", Cron = "0 0 12 * * ?" };
        (await DetailsAsync(_schedules.CreateScheduleAsync(new CreateScheduleRequest { Definition = definition }))).Reason.ShouldBe("AGENT_NOT_FOUND");
    }

    private async Task<Schedule> CreateAsync(Action<ScheduleDefinition> change)
    {
        var definition = new ScheduleDefinition { Name = $"s-{Guid.CreateVersion7():N}", Input = "hello", Every = Duration.FromTimeSpan(TimeSpan.FromHours(1)) };
        change(definition);
        if (definition.Agent.Length == 0)
        {
            definition.Agent = await _host.AgentAsync(Echo);
        }

        return (await _schedules.CreateScheduleAsync(new CreateScheduleRequest { Definition = definition })).Schedule;
    }

    /// <summary>A second after one of its hours, however long the test has taken until here: what is late by a minute counts as missed.</summary>
    private void JustAfter(Schedule schedule, int time) =>
        _clock.Ahead = schedule.NextAt.ToDateTimeOffset() + TimeSpan.FromHours(time - 1) + TimeSpan.FromSeconds(1) - TimeProvider.System.GetUtcNow();

    private Task LookAsync() => LookAsync(_host);

    private async Task LookAsync(EngineHost host)
    {
        var options = Options.Create(new ScheduleOptions());
        var clock = new ScheduleClock(host.Engine, options, _clock);
        var starter = new FireStarter(host.Services.GetRequiredService<UnattendedStart>(), host.Services.GetRequiredService<SessionStore>());
        using var runner = new ScheduleRunner(clock, new FireQueue(host.Engine, starter, _clock), options, _clock, Microsoft.Extensions.Logging.Abstractions.NullLogger<ScheduleRunner>.Instance);
        await runner.LookAsync(CancellationToken.None);
    }

    private async Task<List<Fire>> FiresAsync(Schedule schedule) => [.. (await _schedules.ListFiresAsync(new ListFiresRequest { Name = schedule.Id })).Fires];

    private async Task<List<Run>> RunsAsync(Schedule schedule) =>
        [.. (await _host.Runs.ListRunsAsync(new ListRunsRequest { Agent = schedule.Definition.Agent, PageSize = 100 })).Runs];

    private static async Task<FaultDetails> DetailsAsync<T>(AsyncUnaryCall<T> call) => FaultDetails.From(await Should.ThrowAsync<RpcException>(async () => await call));
}
