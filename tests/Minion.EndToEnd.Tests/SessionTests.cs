using System.Text.Json.Nodes;
using Minion.EndToEnd.Tests.Programs;

namespace Minion.EndToEnd.Tests;

/// <summary>A conversation that grows too long for its agent, with what it carries, to its end.</summary>
[Collection(SharedServerCollection.Name)]
public sealed class SessionTests(SharedServer server)
{
    private const string Forgetful = """
        apiVersion: minion.dev/v1
        kind: AgentCluster
        metadata: { name: forgetful }
        agents:
          - name: forgetful
            model: default
            context: { max_tokens: 600, keep_last: 2, summarize: true }
        """;

    private readonly Installation _minion = server.Installation;

    [Fact]
    public async Task A_session_is_shown_pinned_summarised_and_deleted_with_its_runs()
    {
        await _minion.ApplyAsync(Forgetful);
        var first = await _minion.JsonAsync("chat", "forgetful", "-m", $"first {new string('x', 900)}");
        var session = first["session_id"]!.GetValue<string>();
        var run = first["run_id"]!.GetValue<string>();
        foreach (var turn in new[] { "second", "third" })
        {
            run = (await _minion.JsonAsync("chat", "forgetful", "--session", session, "-m", $"{turn} {new string('y', 900)}"))["run_id"]!.GetValue<string>();
        }

        (await _minion.RunAsync("sessions", "--agent", "forgetful")).Out.ShouldContain(session);
        (await _minion.RunAsync("sessions", "list", "--status", "archived")).Out.ShouldNotContain(session);
        (await _minion.RunAsync("sessions", "show", session)).Out.ShouldMatch(@"summary +of the messages 1 to \d");
        (await _minion.RunAsync("sessions", "summaries", session)).Out.ShouldContain(run);
        (await _minion.RunAsync("runs", "show", run)).Out.ShouldContain("summary of the messages");
        var messages = (await _minion.JsonAsync("sessions", "messages", session, "--after", "1", "--limit", "2")).AsArray();
        messages.Select(m => m!["seq"]!.GetValue<string>()).ShouldBe(["2", "3"]);

        (await _minion.RunAsync("sessions", "pin", session, "1")).Out.ShouldBe("Pinned.\n");
        (await _minion.RunAsync("sessions", "messages", session, "--limit", "1")).Out.ShouldContain("pinned");
        (await _minion.RunAsync("sessions", "unpin", session, "1")).Out.ShouldBe("Unpinned.\n");
        (await _minion.RunAsync("sessions", "pin", session, "99")).ExitCode.ShouldBe(4);
        (await _minion.RunAsync("sessions", "undo-summary", session)).Out.ShouldStartWith("Undone: the messages 1 to ");
        (await _minion.RunAsync("sessions", "undo-summary", session)).Out.ShouldStartWith("There was no summary");

        (await _minion.RunAsync("sessions", "close", session)).Out.ShouldBe($"Session {session} is closed.\n");
        (await _minion.RunAsync("chat", "forgetful", "--session", session, "-m", "hi")).Error.ShouldContain("is closed");
        (await _minion.RunAsync("sessions", "archive", session)).Out.ShouldBe($"Session {session} is archived.\n");
        (await _minion.RunAsync("sessions", "close", session)).Out.ShouldBe($"Session {session} is archived.\n");
        (await _minion.RunAsync("sessions")).Out.ShouldNotContain(session);
        (await _minion.RunAsync("sessions", "--status", "archived")).Out.ShouldContain(session);
        (await _minion.RunAsync("sessions", "delete", session)).Out.ShouldBe("Deleted.\n");
        var gone = await _minion.RunAsync("sessions", "show", session);
        gone.ExitCode.ShouldBe(4, gone.ToString());
        gone.Error.ShouldContain("'minion sessions' lists them.");
    }

    [Fact]
    public async Task A_value_of_the_workspace_is_changed_under_its_etag()
    {
        var session = (await _minion.JsonAsync("chat", "hello", "-m", "hi"))["session_id"]!.GetValue<string>();
        const string Key = "plan/draft";

        (await WorkspaceAsync("set", session, Key, """{"steps": 3}""", "--etag", "*")).Out.ShouldStartWith("plan/draft: 12 bytes, etag ");
        var etag = (await _minion.JsonAsync("sessions", "workspace", "get", session, Key))["etag"]!.GetValue<string>();
        (await WorkspaceAsync("set", session, Key, """{"steps": 3}""", "--etag", "*")).Error.ShouldContain($"with the etag {etag}");
        (await WorkspaceAsync("set", session, Key, """{"steps": 4}""", "--etag", etag)).ExitCode.ShouldBe(0);
        var late = await WorkspaceAsync("set", session, Key, """{"steps": 5}""", "--etag", etag);
        late.ExitCode.ShouldBe(4, late.ToString());
        late.Error.ShouldContain("not the expected one");
        (await WorkspaceAsync("get", session, Key)).Out.ShouldBe("{\"steps\": 4}\n");
        (await WorkspaceAsync("list", session, "--prefix", "plan/")).Out.ShouldContain(Key);
        (await WorkspaceAsync("set", session, Key, "no JSON")).ExitCode.ShouldBe(4);
        (await _minion.RunWithInputAsync("[1,2]", "sessions", "workspace", "set", session, "piped", "-")).Out.ShouldContain("5 bytes");
        (await WorkspaceAsync("delete", session, Key)).Out.ShouldBe("Deleted.\n");
        (await WorkspaceAsync("get", session, Key)).ExitCode.ShouldBe(4);
    }

    [Fact]
    public async Task A_second_turn_waits_is_refused_or_takes_the_place_of_the_first()
    {
        await _minion.ApplyAsync(await File.ReadAllTextAsync(Repository.Folder("examples", "approval", "cluster.yaml")));
        var asked = await _minion.RunAsync("chat", "treasurer", "-m", "pay 20 to Bo for pens", "-o", "json");
        asked.ExitCode.ShouldBe(5, asked.ToString());
        var first = JsonNode.Parse(asked.Out)!;
        var (session, run) = (first["session_id"]!.GetValue<string>(), first["run_id"]!.GetValue<string>());

        var queued = (await _minion.RunAsync("run", "treasurer", "--session", session, "-m", "list the payments", "-d")).Out.Trim();
        (await _minion.RunAsync("runs", "show", queued)).Out.ShouldContain("waiting (queued)");
        (await _minion.RunAsync("sessions", "show", session)).Out.ShouldContain($"{run}, 1 waiting");
        var refused = await _minion.RunAsync("run", "treasurer", "--session", session, "-m", "list the payments", "--turns", "reject");
        refused.ExitCode.ShouldBe(4, refused.ToString());
        refused.Error.ShouldContain(run);
        (await _minion.RunAsync("sessions", "delete", session)).Error.ShouldContain($"minion run cancel {run}");

        var taken = await _minion.RunAsync("run", "treasurer", "--session", session, "-m", "list the payments", "--turns", "interrupt");
        taken.ExitCode.ShouldBe(0, taken.ToString());
        (await _minion.RunAsync("runs", "--session", session, "--status", "cancelled")).Out.ShouldContain(run);
        (await _minion.RunAsync("sessions", "delete", session)).Out.ShouldBe("Deleted.\n");
    }

    private Task<Ended> WorkspaceAsync(params string[] args) => _minion.RunAsync(["sessions", "workspace", .. args]);
}
