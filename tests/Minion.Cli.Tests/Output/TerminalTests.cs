using Minion.Cli.Output;

namespace Minion.Cli.Tests.Output;

public sealed class TerminalTests
{
    [Theory]
    [InlineData(true, "", "xterm", true)]
    [InlineData(true, "1", "xterm", false)]
    [InlineData(true, "", "dumb", false)]
    [InlineData(false, "", "xterm", false)]
    public void Colours_are_for_terminals_that_want_them(bool isTerminal, string noColor, string term, bool coloured)
    {
        using var test = new TestTerminal(isTerminal: isTerminal, environment: [("NO_COLOR", noColor), ("TERM", term)]);

        test.Terminal.Dim("grey");

        test.Out.ShouldBe(coloured ? "\e[2mgrey\e[0m" : "grey");
    }

    [Fact]
    public void A_row_stays_one_line_for_the_program_that_reads_it()
    {
        using var test = new TestTerminal();
        var wide = new string('x', 500);

        test.Terminal.Table(["name", "text"], [["a", wide], ["b", "\e[2J"]], "none");

        var lines = test.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(3);
        lines[0].ShouldStartWith("NAME");
        lines[1].ShouldContain(wide);
        lines[2].ShouldContain("\ufffd[2J");
    }

    [Fact]
    public void An_empty_list_says_so()
    {
        using var test = new TestTerminal();

        test.Terminal.Table(["name"], [], "No agents.");

        test.Out.ShouldBe("No agents.\n");
    }

    [Fact]
    public void Properties_without_a_value_are_left_out()
    {
        using var test = new TestTerminal();

        test.Terminal.Properties(("name", "hello"), ("cluster", ""), ("text", "two\nlines"));

        test.Out.ShouldBe("name  hello\ntext  two\n      lines\n");
    }

    [Fact]
    public async Task The_end_of_the_input_is_null()
    {
        using var test = new TestTerminal("one\n");

        (await test.Terminal.ReadLineAsync("> ", TestContext.Current.CancellationToken)).ShouldBe("one");
        (await test.Terminal.ReadLineAsync("> ", TestContext.Current.CancellationToken)).ShouldBeNull();
        test.Out.ShouldBeEmpty("a prompt is for people");
    }

    [Fact]
    public void Progress_is_two_lines_where_nobody_watches()
    {
        using var test = new TestTerminal();

        using (var progress = new ProgressLine(test.Terminal, "Starting"))
        {
            progress.Update("migrating");
            progress.Done("ready");
        }

        test.Error.ShouldMatch(@"^Starting\nready after \d+ ms\n$");
    }

    [Fact]
    public void Progress_is_one_changing_line_for_a_person()
    {
        using var test = new TestTerminal(isTerminal: true);

        using (var progress = new ProgressLine(test.Terminal, "Starting"))
        {
            progress.Update("migrating");
            progress.Done("ready");
        }

        test.Error.ShouldContain("migrating");
        test.Error.ShouldMatch(@"\r\e\[KStarting: ready after \d+ ms\n$");
    }
}
