using System.Text.Json.Nodes;
using Minion.EndToEnd.Tests.Clusters;
using Minion.EndToEnd.Tests.Programs;

namespace Minion.EndToEnd.Tests;

[Collection(SharedServerCollection.Name)]
public sealed class HelloTests(SharedServer server)
{
    private const string Question = "what is 17.5 % of 2,340 and what time is it in Tokyo?";

    private readonly Installation _minion = server.Installation;

    [Fact]
    public void Up_says_where_things_are_and_what_to_type_next()
    {
        foreach (var text in new[] { "HTTP", "gRPC", _minion.Folder, "server.log", "./minion chat hello", "./minion down", "Applied examples/hello/cluster.yaml" })
        {
            server.Up.Out.ShouldContain(text);
        }
    }

    [Fact]
    public async Task Chat_uses_two_tools_and_answers_from_their_results()
    {
        var chat = await _minion.RunAsync("chat", "hello", "-m", Question);

        chat.ExitCode.ShouldBe(0, chat.ToString());
        chat.Out.ShouldContain("→ calculator");
        chat.Out.ShouldContain("→ time");
        chat.Out.ShouldContain("← calculator");
        chat.Out.ShouldContain("← time");
        chat.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1].ShouldMatch("409.5.*Tokyo");
        chat.Out.ShouldNotContain('\e', "there are no colours outside a terminal");
    }

    [Fact]
    public async Task Chat_is_one_document_for_scripts()
    {
        var answer = await _minion.JsonAsync("chat", "hello", "-m", "what is 12.5 % of 80 and what time is it in Lima?");

        answer["status"]!.GetValue<string>().ShouldBe("completed");
        answer["answer"]!.GetValue<string>().ShouldContain("10");
        answer["tool_calls"]!.AsArray().Select(c => c!["tool"]!.GetValue<string>()).ShouldBe(["calculator", "time"], ignoreOrder: true);
        answer["tool_calls"]!.AsArray().ShouldAllBe(c => !c!["failed"]!.GetValue<bool>());
        answer["usage"]!["tool_calls"]!.GetValue<int>().ShouldBe(2);
    }

    [Fact]
    public async Task Lines_of_the_input_are_turns_of_one_session()
    {
        var chat = await _minion.RunWithInputAsync("what is 50 % of 10?\n\nwhat is 50 % of 30?\n", "chat", "hello");

        chat.ExitCode.ShouldBe(0, chat.ToString());
        chat.Out.ShouldContain("50 % of 10 is 5");
        chat.Out.ShouldContain("50 % of 30 is 15");
        var runs = (await _minion.JsonAsync("runs", "--limit", "50")).AsArray();
        var session = runs.First(r => r!["input"]!.GetValue<string>() == "what is 50 % of 30?")!["session_id"]!.GetValue<string>();
        var document = await _minion.JsonAsync("get", "session", session);
        document["messages"]!.AsArray().Select(m => m!["role"]!.GetValue<string>()).ShouldBe(["ROLE_USER", "ROLE_ASSISTANT", "ROLE_USER", "ROLE_ASSISTANT"]);
        var again = await _minion.JsonAsync("chat", "hello", "--session", session, "-m", "what is 50 % of 50?");
        again["session_id"]!.GetValue<string>().ShouldBe(session);
        (await _minion.RunAsync("get", "session", session)).Out.ShouldContain("50 % of 50 is 25");
        (await _minion.RunAsync("get", "sessions")).Out.ShouldContain(session);
    }

    [Fact]
    public async Task A_run_gives_its_answer_alone_or_its_journal_or_its_id()
    {
        var answer = await _minion.RunAsync("run", "hello", "-m", "what is 10 % of 50?");
        var follow = await _minion.RunAsync("run", "hello", "-m", "what is 10 % of 60?", "--follow");
        var lines = await _minion.RunWithInputAsync("what is 10 % of 70?", "run", "hello", "--follow", "-o", "json");
        var detach = await _minion.RunAsync("run", "hello", "-m", "what is 10 % of 80?", "--detach");

        answer.Out.ShouldBe("10 % of 50 is 5.\n");
        follow.Out.ShouldContain("completed");
        follow.Out.ShouldContain("calculator");
        var parts = lines.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!).ToList();
        parts[^1]["run"]!["answer"]!.GetValue<string>().ShouldBe("10 % of 70 is 7.");
        parts.Where(p => p["entry"] is not null).Select(p => int.Parse(p["entry"]!["seq"]!.GetValue<string>())).ShouldBeInOrder();
        detach.Out.Trim().ShouldMatch("^[0-9a-f-]{36}$");
        var show = await _minion.RunAsync("run", "show", detach.Out.Trim(), "--follow");
        show.ExitCode.ShouldBe(0, show.ToString());
        (await _minion.RunAsync("run", "show", detach.Out.Trim())).Out.ShouldContain("10 % of 80 is 8.");
        (await _minion.RunAsync("get", "run", detach.Out.Trim())).Out.ShouldContain("1 tool call");
        (await _minion.RunAsync("runs", "--agent", "hello", "--status", "completed")).Out.ShouldContain(detach.Out.Trim());
    }

    [Fact]
    public async Task The_same_request_id_starts_one_run()
    {
        var first = await _minion.RunAsync("run", "hello", "-m", "what is 1 % of 100?", "--detach", "--request-id", "e2e-once");
        var second = await _minion.RunAsync("run", "hello", "-m", "what is 1 % of 100?", "--detach", "--request-id", "e2e-once");

        second.Out.ShouldBe(first.Out);
    }

    [Fact]
    public async Task Lists_show_agents_tools_status_and_logs()
    {
        (await _minion.RunAsync("get", "agents")).Out.ShouldContain("hello");
        (await _minion.RunAsync("get", "agent", "hello")).Out.ShouldContain("calculator, time");
        (await _minion.RunAsync("get", "tools")).Out.ShouldContain("notes_add");
        (await _minion.RunAsync("get", "tool", "calculator")).Out.ShouldContain("expression");
        (await _minion.RunAsync("get", "runs", "--limit", "1")).ExitCode.ShouldBe(0);
        var status = await _minion.RunAsync("status");
        status.ExitCode.ShouldBe(0, status.ToString());
        status.Out.ShouldContain("database");
        (await _minion.RunAsync("logs", "-n", "50")).Out.ShouldContain("Ready");
        (await _minion.RunAsync("version", "--with-server")).Out.ShouldContain("server 0.1.0");
        var doctor = await _minion.RunAsync("doctor");
        doctor.ExitCode.ShouldBe(0, doctor.ToString());
        doctor.Out.ShouldContain("✓ database");
    }

    [Fact]
    public async Task What_is_not_there_is_refused_by_name()
    {
        var chat = await _minion.RunAsync("chat", "nobody", "-m", "hello");
        var run = await _minion.RunAsync("run", "nobody", "-m", "hello");
        var show = await _minion.RunAsync("run", "show", "019a0000-0000-7000-8000-000000000000");

        foreach (var ended in new[] { chat, run, show })
        {
            ended.ExitCode.ShouldBe(4, ended.ToString());
            ended.Error.ShouldStartWith("minion: There is no ");
        }
    }

    [Fact]
    public async Task A_run_can_be_cancelled_and_takes_no_answer_that_it_did_not_ask_for()
    {
        await _minion.ApplyAsync(SlowCluster.Yaml());
        var id = (await _minion.RunAsync("run", "slow", "-m", "count", "--detach")).Out.Trim();

        var answer = await _minion.RunAsync("run", "answer", id, "--choice", "done");
        var cancel = await _minion.RunAsync("run", "cancel", id, "--reason", "enough");
        var show = await _minion.RunAsync("run", "show", id, "--follow");
        var retry = await _minion.RunAsync("run", "retry", "019a0000-0000-7000-8000-000000000000");

        answer.ExitCode.ShouldBe(4, answer.ToString());
        cancel.Out.ShouldContain($"run {id} (slow)");
        show.ExitCode.ShouldBe(1, show.ToString());
        show.Error.ShouldContain("The run was cancelled");
        show.Out.ShouldContain("enough");
        retry.ExitCode.ShouldBe(4, retry.ToString());
    }

    [Fact]
    public async Task A_prompt_of_2_MB_is_refused_with_the_limit()
    {
        var run = await _minion.RunWithInputAsync(new string('x', 2 * 1024 * 1024), "run", "hello");

        run.ExitCode.ShouldBe(4, run.ToString());
        run.Error.ShouldContain("input");
    }

    [Fact]
    public async Task A_second_up_on_the_folder_says_that_it_runs()
    {
        var up = await _minion.RunAsync("up");

        up.ExitCode.ShouldBe(6, up.ToString());
        up.Error.ShouldContain($"process {_minion.Note!.Pid}");
    }

    [Fact]
    public async Task A_port_in_use_is_named_with_the_flag_that_changes_it()
    {
        await using var other = Installation.Create();
        var port = new Uri(_minion.Note!.Http).Port;

        var up = await other.RunAsync("up", "--http", port.ToString());

        up.ExitCode.ShouldBe(1, up.ToString());
        up.Error.ShouldContain($"Port {port}");
        up.Error.ShouldContain("--http");
    }

    [Fact]
    public async Task The_http_port_is_not_taken_for_the_grpc_one()
    {
        var status = await _minion.RunAsync("status", "--server", _minion.Note!.Http);

        status.ExitCode.ShouldBe(3, status.ToString());
        status.Error.ShouldContain("take the gRPC port");
    }
}
