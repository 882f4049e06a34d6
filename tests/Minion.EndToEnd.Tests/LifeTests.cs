using System.Runtime.InteropServices;
using Minion.EndToEnd.Tests.Clusters;
using Minion.EndToEnd.Tests.Programs;

namespace Minion.EndToEnd.Tests;

/// <summary>Servers that are started, stopped and killed.</summary>
public sealed partial class LifeTests
{
    private const int Interrupt = 2; // SIGINT
    private const int KillAtOnce = 9; // SIGKILL

    [Fact]
    public async Task A_chat_outlives_a_kill_of_its_server_and_repeats_no_finished_call()
    {
        await using var minion = Installation.Create(("Engine__Lease", "00:00:05"));
        (await minion.UpAsync()).ExitCode.ShouldBe(0);
        await minion.ApplyAsync(SlowCluster.Yaml(milliseconds: 500));
        using var chat = minion.Start("chat", "slow", "-m", "count");
        await chat.WroteAsync("← notes_add");

        await minion.KillServerAsync();
        await chat.WroteAsync("broke; trying again");
        (await minion.UpAsync()).ExitCode.ShouldBe(0);

        var ended = await chat.EndAsync();
        ended.ExitCode.ShouldBe(0, ended.ToString());
        ended.Error.ShouldContain("Connected again.");
        ended.Out.ShouldContain(SlowCluster.Answer);
        ended.Out.Split("← notes_add").Length.ShouldBe(2, "the finished call is shown once");
        var run = (await minion.JsonAsync("runs", "--agent", "slow"))[0]!;
        var entries = (await minion.JsonAsync("run", "show", run["id"]!.GetValue<string>()))["entries"]!.AsArray();
        entries.Count(e => e!["tool"] is not null).ShouldBe(1);
        entries.Select(e => int.Parse(e!["seq"]!.GetValue<string>())).ShouldBe(Enumerable.Range(1, entries.Count));
    }

    [Fact]
    public async Task A_run_outlives_a_kill_of_PostgreSQL()
    {
        await using var minion = Installation.Create();
        (await minion.UpAsync()).ExitCode.ShouldBe(0);
        await minion.ApplyAsync(SlowCluster.Yaml(milliseconds: 500));
        using var chat = minion.Start("chat", "slow", "-m", "count");
        await chat.WroteAsync("← notes_add");

        var postgres = Descendants(minion.Note.ShouldNotBeNull().Pid).First(p => Name(p) == "postgres");
        Kill(postgres, KillAtOnce).ShouldBe(0);

        var ended = await chat.EndAsync();
        ended.ExitCode.ShouldBe(0, ended.ToString());
        ended.Out.ShouldContain(SlowCluster.Answer);
        ended.Out.Split("← notes_add").Length.ShouldBe(2, "the finished call is shown once");
    }

    [Fact]
    public async Task Ctrl_C_stops_the_server_and_all_that_it_started()
    {
        await using var minion = Installation.Create();
        using var up = minion.Start("up");
        await up.WroteAsync("Ctrl-C stops it.");
        var server = minion.Note.ShouldNotBeNull().Pid;
        var children = Descendants(server).ToList();
        children.Select(Name).ShouldContain("postgres");

        Kill(up.Process.Id, Interrupt).ShouldBe(0);

        var ended = await up.EndAsync();
        ended.ExitCode.ShouldBe(0, ended.ToString());
        ended.Error.ShouldContain("Stopped.");
        minion.Note.ShouldBeNull();
        Directory.Exists($"/proc/{server}").ShouldBeFalse();
        await Eventually.HoldsAsync(() => children.All(c => !IsAlive(c)), "Something that the server started still runs.");
    }

    [Fact]
    public async Task Ctrl_C_in_a_terminal_is_one_signal_for_the_server_which_drains()
    {
        await using var minion = Installation.Create();
        using var up = minion.StartInTerminal("up");
        await up.WroteAsync("Ctrl-C stops it.");

        await up.TypeAsync("\x03");

        await up.WroteAsync("Stopped.");
        (await up.EndAsync()).ExitCode.ShouldBe(0);
        minion.Note.ShouldBeNull();
    }

    [Fact]
    public async Task The_first_agent_is_applied_once_only()
    {
        await using var minion = Installation.Create();
        (await minion.UpAsync()).Out.ShouldContain("Applied examples/hello/cluster.yaml");
        (await minion.RunAsync("down")).ExitCode.ShouldBe(0);

        (await minion.UpAsync()).Out.ShouldNotContain("Applied");
    }

    [Fact]
    public async Task A_server_with_a_key_wants_it()
    {
        await using var minion = Installation.Create(("MINION_API_KEY", "a-key-of-the-tests-0123456789"));
        (await minion.UpAsync()).Out.ShouldContain("Applied", customMessage: "up itself uses the key");

        (await minion.RunAsync("get", "agents")).Out.ShouldContain("hello");
        minion.Environment["MINION_API_KEY"] = "";
        var without = await minion.RunAsync("get", "agents");
        minion.Environment["MINION_API_KEY"] = "another";
        var wrong = await minion.RunAsync("get", "agents", "-o", "json");

        without.ExitCode.ShouldBe(4, without.ToString());
        without.Error.ShouldContain("MINION_API_KEY");
        wrong.ExitCode.ShouldBe(4, wrong.ToString());
        wrong.Error.ShouldContain("api_key_wrong");
    }

    [Fact]
    public async Task A_person_sees_the_answer_stream_cancels_a_turn_and_goes_on()
    {
        await using var minion = Installation.Create();
        (await minion.UpAsync()).ExitCode.ShouldBe(0);
        await minion.ApplyAsync(SlowCluster.Yaml(milliseconds: 1_500));
        using var chat = minion.StartInTerminal("chat", "slow");
        await chat.WroteAsync("listens.");

        await chat.TypeAsync("count\r");
        await chat.WroteAsync("one two three");
        chat.Out.ShouldNotContain("nineteen", customMessage: "it streams");
        await chat.TypeAsync("\x03");
        await chat.WroteAsync("The run was cancelled");
        await chat.TypeAsync("hello\r");
        await chat.WroteAsync("Say count.");
        await chat.TypeAsync("\x04");

        await chat.WroteAsync("--session");
        (await chat.EndAsync()).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_conversation_goes_on_when_a_lost_server_is_back()
    {
        await using var minion = Installation.Create();
        (await minion.UpAsync()).ExitCode.ShouldBe(0);
        using var chat = minion.StartInTerminal("chat", "hello");
        await chat.WroteAsync("listens.");

        await minion.KillServerAsync();
        await chat.TypeAsync("hello\r");
        await chat.WroteAsync("No Minion server answers");
        (await minion.UpAsync()).ExitCode.ShouldBe(0);
        await chat.TypeAsync("hello\r");
        await chat.WroteAsync("Ask me what");
        await chat.TypeAsync("\x04");

        (await chat.EndAsync()).ExitCode.ShouldBe(0);
    }

    private static List<int> Children(int pid) =>
        [.. Threads(pid).SelectMany(task => TextOf(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse))];

    private static IEnumerable<int> Descendants(int pid) => Children(pid).SelectMany(c => Descendants(c).Prepend(c));

    private static string Name(int pid) => TextOf($"/proc/{pid}/comm").Trim();

    private static bool IsAlive(int pid) => TextOf($"/proc/{pid}/cmdline").Length > 0;

    private static string[] Threads(int pid)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{pid}/task");
        }
        catch (IOException)
        {
            return [];
        }
    }

    /// <summary>Empty when the process or the thread has ended meanwhile, as they may at any time.</summary>
    private static string TextOf(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return "";
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
