using System.Text.Json;

namespace Minion.Models.Tests.Providers.Scripted;

public sealed class ScriptParsingTests
{
    [Theory]
    [InlineData("""[]""", "", "must be an object with rules, not a list.")]
    [InlineData("""{}""", "", "needs rules, or at least otherwise.")]
    [InlineData("""{"rules":{},"otherwise":"x"}""", "rules", "must be a list, not an object.")]
    [InlineData("""{"rulez":[],"otherwise":"x"}""", "rulez", "is not a key here (did you mean 'rules'?); allowed: delay, rules, otherwise.")]
    [InlineData("""{"otherwise":7}""", "otherwise", "must be a text, not a number.")]
    [InlineData("""{"otherwise":"x","delay":"soon"}""", "delay", "'soon' is not a pause between words: a number with ms or s, at most 10s, for example 30ms.")]
    [InlineData("""{"otherwise":"x","delay":"11s"}""", "delay", "'11s' is not a pause between words: a number with ms or s, at most 10s, for example 30ms.")]
    [InlineData("""{"rules":["x"]}""", "rules[0]", "must be an object with match and say, not a text.")]
    [InlineData("""{"rules":[{"say":"x"}]}""", "rules[0]", "needs match.")]
    [InlineData("""{"rules":[{"match":"x"}]}""", "rules[0]", "needs say.")]
    [InlineData("""{"rules":[{"match":"","say":"x"}]}""", "rules[0].match", "must not be empty.")]
    [InlineData("""{"rules":[{"match":"x","say":"x","sequence":"yes"}]}""", "rules[0].sequence", "must be true or false.")]
    [InlineData("""{"rules":[{"match":"x","say":"x","onerror":"x"}]}""", "rules[0].onerror", "is not a key here (did you mean 'on_error'?); allowed: match, calls, say, on_error, sequence.")]
    [InlineData("""{"rules":[{"match":"x","say":"{{x"}]}""", "rules[0].say", "has '{{' at character 1 without '}}'.")]
    [InlineData("""{"rules":[{"match":"(?<amount>x)","say":"{{amont}}"}]}""", "rules[0].say", "has no value 'amont' here (did you mean 'amount'?); there is: amount.")]
    [InlineData("""{"rules":[{"match":"(?<n>x)","say":"{{n | numbr}}"}]}""", "rules[0].say", "has no filter 'numbr' (did you mean 'number'?); allowed: number, trim, upper, lower, json, short.")]
    [InlineData("""{"rules":[{"match":"x","say":"{{error}}"}]}""", "rules[0].say", "has no value 'error' here; there is: nothing.")]
    [InlineData("""{"rules":[{"match":"x","say":"{{calls.1.y}}","calls":[{"tool":"t"}]}]}""", "rules[0].say", "has no value 'calls.1.y' here; there is: t.….")]
    [InlineData("""{"rules":[{"match":"x","say":"x","calls":[{"arguments":{}}]}]}""", "rules[0].calls[0]", "needs tool.")]
    [InlineData("""{"rules":[{"match":"x","say":"x","calls":[{"tool":"t","arguments":"x"}]}]}""", "rules[0].calls[0].arguments", "must be an object, not a text.")]
    [InlineData("""{"rules":[{"match":"x","say":"x","calls":[{"tool":"t"},{"tool":"u","arguments":{"a":{"b":["{{t.v}}"]}}}]}]}""", "rules[0].calls[1].arguments.a.b[0]", "has no value 't.v' here; there is: nothing.")]
    public void A_mistake_is_named_with_its_path(string script, string path, string message) =>
        Parse(script).Errors.ShouldBe([(path, message)]);

    [Theory]
    [InlineData("(")]
    [InlineData("(?<a>x")]
    [InlineData("[z-a]")]
    [InlineData("\\\\p{Nope}")]
    public void A_pattern_that_is_none_is_one_mistake(string pattern)
    {
        var (path, message) = Parse($$$"""{"rules":[{"match":"{{{pattern}}}","say":"{{a}}"}]}""").Errors.ShouldHaveSingleItem();

        path.ShouldBe("rules[0].match");
        message.ShouldStartWith("is not a .NET regular expression: ");
    }

    [Fact]
    public void All_mistakes_are_reported_at_once() =>
        Parse("""{"delay":"x","rules":[{"match":"(","say":1},{"match":"x"},{"say":"x","calls":[{"tol":"t"}]}],"otherwise":[]}""").Errors.Select(e => e.Path)
            .ShouldBe(["rules[0].match", "rules[0].say", "rules[1]", "rules[2]", "rules[2].calls[0].tol", "rules[2].calls[0]", "otherwise", "delay"]);

    [Theory]
    [InlineData("\"30ms\"", 30)]
    [InlineData("\"1.5s\"", 1500)]
    [InlineData("0", 0)]
    [InlineData("\"0\"", 0)]
    public void A_pause_is_read(string delay, int milliseconds) =>
        Parse($$"""{"otherwise":"x","delay":{{delay}}}""").Script!.Delay.ShouldBe(TimeSpan.FromMilliseconds(milliseconds));

    [Fact]
    public void Too_much_of_anything_is_refused()
    {
        Parse($$"""{"rules":[{{string.Join(',', Enumerable.Repeat("""{"match":"x","say":"x"}""", 201))}}]}""").Errors.ShouldContain(("rules", "has 201 items; at most 200 are allowed."));
        Parse($$"""{"rules":[{"match":"{{new string('x', 1001)}}","say":"x"}]}""").Errors.ShouldHaveSingleItem().Path.ShouldBe("rules[0].match");
        Parse($$"""{"rules":[{"match":"x","say":"{{new string('x', 8001)}}"}]}""").Errors.ShouldHaveSingleItem().Path.ShouldBe("rules[0].say");
    }

    private static ScriptParsing Parse(string script)
    {
        using var document = JsonDocument.Parse(script);
        return Script.Parse(document.RootElement.Clone());
    }
}
