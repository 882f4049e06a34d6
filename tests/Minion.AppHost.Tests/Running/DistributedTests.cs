using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using Minion.Contracts.Orchestration.V1;

namespace Minion.AppHost.Tests.Running;

[Collection(ApplicationCollection.Name)]
public sealed class DistributedTests(ApplicationFixture fixture) : IAsyncLifetime
{
    private readonly TestApplication _application = fixture.Application;

    /// <summary>The test before may have ended one of the processes.</summary>
    public async ValueTask InitializeAsync()
    {
        foreach (var resource in new[] { "postgres", "tools", "orchestration", "edge" })
        {
            await _application.UntilReadyAsync(resource);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Every_process_is_there_and_the_migration_is_done()
    {
        var migrate = await _application.App.ResourceNotifications.WaitForResourceAsync("migrate", e => e.Snapshot.ExitCode is not null).WaitAsync(TestApplication.Patience);
        migrate.Snapshot.ExitCode.ShouldBe(0);
        _application.Processes("orchestration", wanted: 3).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_run_calls_a_tool_in_another_process()
    {
        var run = await _application.EndAsync(await _application.StartRunAsync("quick", "add 20 22"));
        run.Output.ShouldBe("that is 42");
    }

    [Fact]
    public async Task One_call_is_one_trace_over_two_services()
    {
        var id = await _application.StartRunAsync("quick", "add 1 2");
        await _application.EndAsync(id);

        var agent = await fixture.Collector.SpanAsync(s => s.Service == "orchestration" && s.Name == "invoke_agent quick" && s.Attributes.Values.Contains(id));
        var tool = await fixture.Collector.SpanAsync(s => s.Service == "tools" && s.Name == "execute_tool calculator" && s.TraceId == agent.TraceId);
        var call = await fixture.Collector.SpanAsync(s => s.Service == "orchestration" && s.TraceId == agent.TraceId && s.Name.EndsWith("RunService/StartRun", StringComparison.Ordinal));
        call.SpanId.ShouldNotBe(agent.SpanId);
        tool.ParentSpanId.ShouldNotBe("");
    }

    [Fact]
    public async Task Runs_of_a_killed_process_go_on_in_another_one()
    {
        var ids = new List<string>();
        for (var i = 0; i < 9; i++)
        {
            // Every connection goes to the next process, so each has three of the runs.
            var runs = new RunService.RunServiceClient(_application.Connect());
            ids.Add(await _application.StartRunAsync("slow", $"add {i} 1", runs));
        }

        var (resource, process) = _application.Processes("orchestration", wanted: 3)[0];
        Kill(process);

        for (var i = 0; i < ids.Count; i++)
        {
            var run = await _application.EndAsync(ids[i]);
            run.Status.ShouldBe(RunStatus.Completed);
            run.Output.ShouldEndWith($"the sum is {i + 1} and twice that is {2 * (i + 1)}");
        }

        (await _application.App.ResourceCommands.ExecuteCommandAsync(resource, KnownResourceCommands.StartCommand)).Success.ShouldBeTrue();
        _application.Processes("orchestration", wanted: 3).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Without_the_tools_calls_fail_as_results_and_soon_at_once_and_work_again_when_they_are_back()
    {
        (await _application.EndAsync(await _application.StartRunAsync("quick", "add 1 1"))).Output.ShouldBe("that is 2");
        var (resource, process) = _application.Processes("tools", wanted: 1)[0];
        Kill(process);
        await _application.App.ResourceNotifications.WaitForResourceAsync("tools", KnownResourceStates.TerminalStates).WaitAsync(TestApplication.Patience);

        var slow = await _application.EndAsync(await _application.StartRunAsync("quick", "add 2 3"));
        await UntilNotCalledAsync();
        await _application.UntilSomeHealthAsync("tools_circuit", "degraded");
        // Not in the moments in which it lets one through.
        await Eventually.HoldsAsync(() => _application.MetricsAsync("circuit_open{circuit=\"tools\"} 1"), "the metrics to tell of the open circuit");
        (await _application.App.ResourceCommands.ExecuteCommandAsync(resource, KnownResourceCommands.StartCommand)).Success.ShouldBeTrue();
        await _application.HealthyAsync("tools");
        await _application.UntilAllHealthAsync("tools_circuit", "healthy");
        var with = await _application.EndAsync(await _application.StartRunAsync("quick", "add 2 3"));

        slow.Output.ShouldBe("no calculator", $"{slow}");
        with.Output.ShouldBe("that is 5", $"{with}");
    }

    [Fact]
    public async Task Runs_outlive_a_kill_of_PostgreSQL()
    {
        var before = await _application.StartRunAsync("slow", "add 4 5");
        Kill(int.Parse((await File.ReadAllLinesAsync(Path.Combine(fixture.Data, "postgres", "postmaster.pid")))[0]));

        (await _application.EndAsync(before)).Output.ShouldEndWith("the sum is 9 and twice that is 18");
        (await _application.EndAsync(await _application.StartRunAsync("quick", "add 6 7"))).Output.ShouldBe("that is 13");
    }

    /// <summary>Starts runs until the open circuit keeps a call of one back. Some meet the moments in which it lets one through.</summary>
    private async Task UntilNotCalledAsync()
    {
        await Eventually.HoldsAsync(
            async () =>
            {
                var run = await _application.EndAsync(await _application.StartRunAsync("quick", "add 2 3"));
                run.Output.ShouldBe("no calculator", $"{run}");
                var journal = await _application.Runs.ListEntriesAsync(new ListEntriesRequest { RunId = run.Id, Limit = 100 });
                return journal.Entries.Any(e => e.Tool?.Failure?.Message.Contains("was not called", StringComparison.Ordinal) == true);
            },
            "a call to be kept back");
    }

    private static void Kill(int process)
    {
        using var found = Process.GetProcessById(process);
        found.Kill(entireProcessTree: true);
    }
}
