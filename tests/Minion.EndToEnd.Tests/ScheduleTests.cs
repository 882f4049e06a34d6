using System.Text.Json.Nodes;
using Minion.EndToEnd.Tests.Programs;

namespace Minion.EndToEnd.Tests;

/// <summary><c>examples/schedule</c>, and the verbs of schedules, dead letters, semaphores and queues.</summary>
public sealed class ScheduleTests
{
    [Fact]
    public async Task A_scheduled_task_runs_by_itself_also_after_a_kill_of_its_server()
    {
        await using var minion = Installation.Create(("Engine__Lease", "00:00:05"));
        (await minion.UpAsync()).ExitCode.ShouldBe(0);
        await minion.ApplyAsync(await File.ReadAllTextAsync(Repository.Folder("examples", "schedule", "cluster.yaml")));

        var first = await StartedAsync(minion, "every-few-seconds");
        var ended = await minion.RunAsync("run", "show", first, "--follow");
        // On a slow machine there may be a later one already.
        ended.Out.ShouldMatch(@"Report \d+ of every-few-seconds");
        await minion.KillServerAsync();
        (await minion.UpAsync()).ExitCode.ShouldBe(0);
        await Eventually.HoldsAsync(async () => await StartedAsync(minion, "every-few-seconds") != first, "no run was started after the restart");

        (await minion.RunAsync("schedules", "pause", "every-few-seconds")).Out.ShouldStartWith("Paused: every-few-seconds (reporter), paused");
        var list = await minion.RunAsync("schedules");
        list.Out.ShouldContain("0 0 8 ? * MON-FRI (Europe/Berlin)");
        list.Out.ShouldContain("paused");
        (await minion.RunAsync("schedules", "next", "weekdays-at-eight", "--count", "3")).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(3);
        (await minion.RunAsync("schedules", "resume", "every-few-seconds")).Out.ShouldContain(", next 2");
        var delete = await minion.RunAsync("schedules", "delete", "every-few-seconds");
        delete.ExitCode.ShouldBe(4, delete.ToString());
        delete.Error.ShouldContain("declared by the cluster 'schedule'");
        (await minion.RunAsync("export", "schedule")).Out.ShouldContain("weekdays-at-eight");
    }

    [Fact]
    public async Task Schedules_are_added_tried_out_triggered_and_deleted_and_dead_letters_looked_after()
    {
        await using var minion = Installation.Create();
        (await minion.UpAsync()).ExitCode.ShouldBe(0);
        await minion.ApplyAsync(
            """
            apiVersion: minion.dev/v1
            kind: AgentCluster
            metadata: { name: letters }
            models:
              - name: letters
                provider: scripted
                script:
                  rules:
                    - match: 'tell'
                      calls: [ { tool: send_message, arguments: { to: 'topic:nobody', performative: inform, content: { text: hello } } } ]
                      say: 'Told {{send_message.receivers}}.'
            agents:
              - { name: teller, model: letters, tools: [send_message] }
            """);

        (await minion.RunAsync("schedules", "add", "later", "--agent", "teller", "-m", "tell", "--in", "3h")).Out.ShouldStartWith("Added: later (teller), next 2");
        var trigger = await minion.RunAsync("schedules", "trigger", "later");
        (await minion.RunAsync("run", "show", trigger.Out.Trim(), "--follow")).Out.ShouldContain("Told 0.");
        (await minion.RunAsync("schedules", "show", "later")).Out.ShouldContain("(triggered)");
        (await minion.RunAsync("schedules", "next", "--cron", "0 0 12 1 1 ?", "--count", "1")).Out.ShouldContain("-01-01 12:00:00Z");
        var wrong = await minion.RunAsync("schedules", "add", "wrong", "--agent", "teller", "-m", "tell", "--cron", "0 12 * * *");
        wrong.ExitCode.ShouldBe(4, wrong.ToString());
        wrong.Error.ShouldContain("0 0 12 * * ?");
        (await minion.RunAsync("schedules", "delete", "later")).ExitCode.ShouldBe(0);
        (await minion.RunAsync("schedules", "list")).Out.ShouldContain("No schedules.");

        var letter = (await minion.JsonAsync("deadletters", "list")).AsArray().ShouldHaveSingleItem()!["id"]!.GetValue<string>();
        (await minion.RunAsync("deadletters")).Out.ShouldContain("no_subscriber");
        (await minion.RunAsync("deadletters", "show", letter)).Out.ShouldContain("agent:teller");
        (await minion.RunAsync("deadletters", "replay", letter)).Error.ShouldContain("Nobody subscribes to 'nobody'");
        (await minion.RunAsync("deadletters", "delete", letter)).ExitCode.ShouldBe(0);
        (await minion.RunAsync("semaphores")).Out.ShouldContain("No semaphores.");
        (await minion.RunAsync("queues")).Out.ShouldContain("No queues.");
    }

    /// <summary>The run of the newest time that started one.</summary>
    private static async Task<string> StartedAsync(Installation minion, string schedule)
    {
        var run = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                var fires = (await minion.JsonAsync("schedules", "show", schedule))["fires"]!.AsArray();
                run = fires.Select(f => f!["run_id"]!.GetValue<string>()).FirstOrDefault(id => id.Length > 0) ?? "";
                return run.Length > 0;
            },
            () => $"{schedule} started nothing");
        return run;
    }
}
