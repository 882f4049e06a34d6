using Minion.Tools.Execution;
using Minion.Tools.Sandboxes;
using Minion.Tools.Sandboxes.Output;

namespace Minion.Tools.Tests.Execution;

public sealed class ProgressLinesTests
{
    private readonly ProgressLines _lines = new();

    [Fact]
    public void Lines_that_wait_are_given_together_and_safe_to_show()
    {
        _lines.Take().ShouldBeNull();
        _lines.Report("one\r\n\ntwo\u001b[31m\n");
        _lines.Report("three");

        _lines.Take().ShouldBe("one\ntwo\\x1b[31m\nthree");
        _lines.Take().ShouldBeNull();
    }

    [Fact]
    public void Long_lines_are_cut_and_never_within_a_character()
    {
        _lines.Report("x" + string.Concat(Enumerable.Repeat("😀", ProgressLines.Longest)));

        _lines.Take().ShouldBe("x" + string.Concat(Enumerable.Repeat("😀", (ProgressLines.Longest / 2) - 1)) + "…");
    }

    [Fact]
    public void Who_takes_nothing_gets_the_newest_lines_and_is_told_how_many_are_missing()
    {
        for (var i = 0; i < 100_000; i++)
        {
            _lines.Report($"line {i}");
        }

        var text = _lines.Take()!;
        text.Length.ShouldBeLessThan(ProgressLines.MostWaiting * 2);
        text.ShouldStartWith("… 98");
        text.ShouldEndWith("\nline 99999");
    }

    [Fact]
    public void A_call_that_never_stops_talking_is_heard_no_longer()
    {
        var texts = new List<string>();
        for (var i = 0; i < 1_000; i++)
        {
            _lines.Report(new string('x', 1_000));
            texts.AddRange(_lines.Take() is { } text ? [text] : []);
        }

        texts.Sum(text => text.Length).ShouldBeInRange(ProgressLines.Most, ProgressLines.Most + 2_000);
        texts[^1].ShouldEndWith("left out …");
    }

    [Fact]
    public void Output_in_pieces_makes_lines()
    {
        var output = new OutputLines(_lines);
        output.Add(new SandboxOutput(IsError: false, "on"));
        output.Add(new SandboxOutput(IsError: true, "warning\n"));
        output.Add(new SandboxOutput(IsError: false, "e\ntwo\r\nth"));
        _lines.Take().ShouldBe("warning\none\ntwo");
        output.Add(new SandboxOutput(IsError: false, new string('y', 50_000)));
        output.End();

        _lines.Take().ShouldBe("th" + new string('y', ProgressLines.Longest - 2) + "…");
    }
}
