using Google.Protobuf.WellKnownTypes;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Tests.Output;

public sealed class PhrasesTests
{
    [Theory]
    [InlineData("short", 10, "short")]
    [InlineData("exactly 10", 10, "exactly 10")]
    [InlineData("more than ten", 10, "more than…")]
    [InlineData("two\nlines\r\nhere", 50, "two lines here")]
    [InlineData("a bell \a and an escape \u001b[31m", 50, "a bell \ufffd and an escape \ufffd[31m")]
    [InlineData("12345678\U0001F600x", 10, "12345678…")]
    public void Text_is_cut_to_one_line(string text, int length, string expected) => Phrases.Short(text, length).ShouldBe(expected);

    [Fact]
    public void Line_breaks_and_tabs_are_printable_and_control_characters_are_not() =>
        Phrases.Printable("a\tb\nc\r\n\u001b]0;title\u0007\u009b2J").ShouldBe("a\tb\nc\n\ufffd]0;title\ufffd\ufffd2J");

    [Theory]
    [InlineData(0, "0 ms")]
    [InlineData(0.25, "250 ms")]
    [InlineData(1.25, "1.3 s")]
    [InlineData(59, "59 s")]
    [InlineData(61, "1 min")]
    [InlineData(3600, "1 h")]
    [InlineData(86_400 * 3, "3 days")]
    public void Times_have_the_unit_that_fits(double seconds, string expected) => Phrases.For(TimeSpan.FromSeconds(seconds)).ShouldBe(expected);

    [Fact]
    public void An_enum_is_the_word_that_the_proto_has() => Phrases.Word(RunStatus.Completed).ShouldBe("completed");

    [Theory]
    [InlineData(1, "1 step")]
    [InlineData(0, "0 steps")]
    [InlineData(12_345, "12,345 steps")]
    public void Counts_have_a_plural(long number, string expected) => Phrases.Count(number, "step").ShouldBe(expected);

    [Fact]
    public void What_has_no_time_took_none()
    {
        Phrases.Took(new Timestamp(), null).ShouldBeEmpty();
        Phrases.Ago(null, DateTimeOffset.UnixEpoch).ShouldBeEmpty();
    }
}
