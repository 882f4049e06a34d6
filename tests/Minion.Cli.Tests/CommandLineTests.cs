using System.CommandLine;
using System.Text.Json.Nodes;
using Minion.Cli.Output;

namespace Minion.Cli.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public void Every_verb_that_is_written_is_registered()
    {
        using var test = new TestTerminal();
        var written = typeof(CommandLine).Assembly.GetTypes()
            .Where(t => t is { Namespace: "Minion.Cli.Verbs", IsNested: false } && t.Name.EndsWith("Verb", StringComparison.Ordinal))
            .Select(t => t.Name[..^"Verb".Length]);

        var registered = Paths("", CommandLine.Create(test.Terminal)).ToList();

        foreach (var verb in written)
        {
            registered.ShouldContain(verb, $"{verb}Verb has no line in CommandLine.Verbs or in its parent's Create.");
        }
    }

    [Fact]
    public async Task Help_names_every_verb_and_every_exit_code()
    {
        using var test = new TestTerminal();

        (await test.RunAsync("--help")).ShouldBe(ExitCodes.Ok);

        foreach (var verb in new[] { "up", "down", "apply", "get", "chat", "run", "runs", "status", "logs", "doctor", "version" })
        {
            test.Out.ShouldContain($"\n  {verb} ");
        }

        foreach (var code in new[] { ExitCodes.Ok, ExitCodes.Failed, ExitCodes.Usage, ExitCodes.Unreachable, ExitCodes.Refused, ExitCodes.Waits, ExitCodes.AlreadyRunning, ExitCodes.Interrupted })
        {
            ExitCodes.Help.ShouldMatch($@"(^|\s){code} \w");
        }
    }

    [Fact]
    public async Task No_arguments_show_the_help()
    {
        using var test = new TestTerminal();

        (await test.RunAsync()).ShouldBe(ExitCodes.Ok);

        test.Out.ShouldContain("Usage:");
    }

    [Theory]
    [InlineData("applyy", "Did you mean apply?")]
    [InlineData("get agnts", "Did you mean agents?")]
    [InlineData("frobnicate", "minion --help")]
    [InlineData("chat", "'agent'")]
    [InlineData("apply", "--file")]
    [InlineData("run answer r1", "--choice")]
    [InlineData("tools usage --days -5", "--days is a number from 1 to 3650.")]
    [InlineData("tools usage --days 4000", "--days is a number from 1 to 3650.")]
    [InlineData("runs --status wait", "'waiting'")]
    [InlineData("runs --limit many", "'many' is not a whole number (--limit).")]
    [InlineData("run hello -m hi --at soon", "'soon' is not a time such as 2026-01-31T08:00+01:00 (--at).")]
    [InlineData("run hello -m hi --session s --turns never", "'never' is none of 'queue', 'reject', 'interrupt'.")]
    [InlineData("runs fork r --step x", "'x' is not a whole number (--step).")]
    [InlineData("runs fork r --step 1 --seq 2", "Give --step or --seq.")]
    [InlineData("runs fork r --instructions-file /nowhere.md", "There is no file '/nowhere.md'.")]
    [InlineData("runs diff r", "'other'")]
    [InlineData("sessions shw", "Did you mean show?")]
    [InlineData("sessions show", "'session'")]
    [InlineData("sessions pin s", "'seq'")]
    [InlineData("sessions pin s first", "'first' is not a whole number (pin).")]
    [InlineData("sessions --status gone", "'gone' is none of 'active', 'closed', 'expired', 'archived'.")]
    [InlineData("sessions messages s --limit 0", "--limit is a number from 1 on.")]
    [InlineData("sessions workspace set s k 1 --etag", "--etag")]
    [InlineData("sessions workspace", "minion sessions workspace --help")]
    [InlineData("runs --limit 0", "--limit is a number from 1 on.")]
    [InlineData("cost --top 0", "--top is a number from 1 to 1000.")]
    [InlineData("budget set abc", "'abc' is not an amount: a decimal number from 0 to 100000000000, such as 12.50.")]
    [InlineData("budget rm abc", "minion budget list shows the ids.")]
    [InlineData("status --output yaml", "'json'")]
    [InlineData("up --http x", "x")]
    [InlineData("run", "Which agent?")]
    [InlineData("status --server ftp://x", "'ftp://x' is not the address of a server.")]
    [InlineData("apply -f /nowhere.yaml", "There is no file '/nowhere.yaml'.")]
    [InlineData("apply -f /usr", "The folder '/usr' has no cluster files")]
    [InlineData("apply -f - --watch", "The standard input cannot be watched.")]
    [InlineData("agents traffic hello 3:90", "'3:90' is not a share: VERSION=PERCENT")]
    [InlineData("agents traffic hello 3=100 --clear", "Either shares or --clear.")]
    [InlineData("agents --label tier", "'tier' is not a label: KEY=VALUE")]
    [InlineData("scale", "Which agent, or which cluster?")]
    [InlineData("scale hello", "How many runs at once?")]
    [InlineData("scale hello --max 0", "'0' is not a number of runs")]
    [InlineData("apply -f /dev/zero", "'/dev/zero' has more than 1,048,576 characters")]
    public async Task Misuse_is_explained_and_ends_with_2(string arguments, string explanation)
    {
        using var test = new TestTerminal();

        (await test.RunAsync(arguments.Split(' '))).ShouldBe(ExitCodes.Usage);

        test.Error.ShouldContain(explanation);
        test.Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task Help_has_every_option_once()
    {
        using var test = new TestTerminal();

        (await test.RunAsync("cost", "--help")).ShouldBe(ExitCodes.Ok);

        test.Out.Split("-o, --output").Length.ShouldBe(2, test.Out);
        test.Out.ShouldContain("--output csv");
    }

    [Fact]
    public async Task Misuse_is_json_for_programs()
    {
        using var test = new TestTerminal();

        (await test.RunAsync("applyy", "--output", "json")).ShouldBe(ExitCodes.Usage);

        var error = JsonNode.Parse(test.Error)!["error"]!;
        error["kind"]!.GetValue<string>().ShouldBe("usage");
        error["exit_code"]!.GetValue<int>().ShouldBe(2);
        error["hint"]!.GetValue<string>().ShouldContain("Did you mean apply?");
    }

    [Fact]
    public async Task A_person_at_a_terminal_is_asked_for_the_message_of_a_run()
    {
        using var test = new TestTerminal(isTerminal: true);

        (await test.RunAsync("run", "hello")).ShouldBe(ExitCodes.Usage);

        test.Error.ShouldContain("minion run hello -m");
    }

    [Theory]
    [InlineData("status")]
    [InlineData("get agents")]
    [InlineData("agents")]
    [InlineData("agents versions hello")]
    [InlineData("agents diff hello 1 2")]
    [InlineData("agents activate hello 1")]
    [InlineData("agents traffic hello 1=90 2=10")]
    [InlineData("scale hello --max 3")]
    [InlineData("export")]
    [InlineData("get session s")]
    [InlineData("sessions")]
    [InlineData("sessions list --status archived")]
    [InlineData("sessions show s")]
    [InlineData("sessions messages s")]
    [InlineData("sessions close s")]
    [InlineData("sessions delete s")]
    [InlineData("sessions pin s 3")]
    [InlineData("sessions summaries s")]
    [InlineData("sessions undo-summary s")]
    [InlineData("sessions workspace set s k 1")]
    [InlineData("runs fork r --step 2")]
    [InlineData("runs replay r")]
    [InlineData("runs diff r r")]
    [InlineData("runs keep r")]
    [InlineData("inbox")]
    [InlineData("schedules")]
    [InlineData("deadletters")]
    [InlineData("semaphores")]
    [InlineData("preferences")]
    [InlineData("preferences set language German")]
    [InlineData("queues")]
    [InlineData("runs")]
    [InlineData("chat hello -m hi")]
    [InlineData("run hello -m hi")]
    [InlineData("run show r")]
    [InlineData("run cancel r")]
    [InlineData("version --with-server")]
    public async Task A_server_that_is_not_there_is_a_sentence(string arguments)
    {
        using var test = new TestTerminal(environment: ("MINION_SERVER", Nobody.Address));

        (await test.RunAsync(arguments.Split(' '))).ShouldBe(ExitCodes.Unreachable);

        test.Error.ShouldStartWith("minion: No Minion server answers at http://127.0.0.1:");
        test.Error.ShouldContain("./minion up");
        test.Error.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task The_option_server_wins_over_the_environment()
    {
        var address = Nobody.Address;
        using var test = new TestTerminal(environment: ("MINION_SERVER", "http://127.0.0.1:1"));

        await test.RunAsync("status", "--server", address);

        test.Error.ShouldContain(address);
    }

    [Fact]
    public async Task Version_is_one_line_or_one_document()
    {
        using var text = new TestTerminal();
        using var json = new TestTerminal();

        (await text.RunAsync("version")).ShouldBe(ExitCodes.Ok);
        (await json.RunAsync("version", "-o", "json")).ShouldBe(ExitCodes.Ok);

        text.Out.ShouldMatch(@"^minion \d+\.\d+\.\d+\n$");
        JsonNode.Parse(json.Out)!["version"]!.GetValue<string>().ShouldMatch(@"^\d+\.\d+\.\d+$");
    }

    private static IEnumerable<string> Paths(string prefix, Command command)
    {
        foreach (var child in command.Subcommands)
        {
            var path = prefix + char.ToUpperInvariant(child.Name[0]) + child.Name[1..];
            yield return path;
            foreach (var below in Paths(path, child))
            {
                yield return below;
            }
        }
    }
}
