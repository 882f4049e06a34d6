using System.Text;
using Minion.Tools.Sandboxes.Output;

namespace Minion.Tools.Tests.Sandboxes;

public sealed class OutputTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void The_beginning_and_the_end_are_kept_however_it_comes(int piece)
    {
        var buffer = new OutputBuffer(100);
        var all = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 100).Select(n => $"{n:000}\n")));
        foreach (var bytes in all.Chunk(piece))
        {
            buffer.Add(bytes);
        }

        var text = buffer.Text();
        (buffer.Total, buffer.Cut).ShouldBe((400, true));
        text.ShouldStartWith("000\n001\n");
        text.ShouldContain("… 300 bytes are left out here …");
        text.ShouldEndWith("098\n099\n");
    }

    [Theory]
    [InlineData(50)]
    [InlineData(75)]
    [InlineData(76)]
    [InlineData(100)]
    public void What_fits_is_kept_whole(int length)
    {
        var buffer = new OutputBuffer(100);
        var text = new string('x', length - 1) + "y";
        buffer.Add(Encoding.ASCII.GetBytes(text));

        buffer.Text().ShouldBe(text);
        buffer.Cut.ShouldBeFalse();
    }

    [Theory]
    [InlineData("plain ünïcode 漢字 🙂\t\n", "plain ünïcode 漢字 🙂\t\n")]
    [InlineData("a\r\nb\rc", "a\nb\\x0dc")]
    [InlineData("\u001b[31mred\u0007\u0000", "\\x1b[31mred\\x07\\x00")]
    [InlineData("\u009b2J\u202eabc\u2066", "\\x9b2J\\u202eabc\\u2066")]
    public void What_a_terminal_would_obey_is_written_out(string text, string safe) => TerminalText.Safe(text).ShouldBe(safe);
}
