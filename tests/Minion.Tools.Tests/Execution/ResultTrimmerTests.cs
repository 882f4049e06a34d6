using System.Text;
using System.Text.Json;
using Minion.Tools.Execution;

namespace Minion.Tools.Tests.Execution;

public sealed class ResultTrimmerTests
{
    [Fact]
    public void A_long_text_is_cut_and_says_so()
    {
        var trimmed = Trim(new { title = "short", body = new string('x', 10_000) }, 1_000).ShouldNotBeNull();

        trimmed.GetProperty("title").GetString().ShouldBe("short");
        trimmed.GetProperty("body").GetString()!.ShouldContain("characters left out]");
    }

    [Fact]
    public void A_long_list_is_cut()
    {
        var trimmed = Trim(new { items = Enumerable.Range(0, 10_000) }, 1_000).ShouldNotBeNull();

        trimmed.GetProperty("items").EnumerateArray().Select(item => item.GetInt32()).ShouldBe(Enumerable.Range(0, trimmed.GetProperty("items").GetArrayLength()));
    }

    [Fact]
    public void Values_that_are_neither_stay_as_they_are() =>
        Trim(new { n = 1.50m, b = true, z = (string?)null, body = new string('x', 1_000) }, 500).ShouldNotBeNull().GetRawText()
            .ShouldStartWith("""{"n":1.50,"b":true,"z":null,"body":"xxx""");

    [Fact]
    public void A_character_is_not_cut_in_half()
    {
        var trimmed = Trim(new { body = string.Concat(Enumerable.Repeat("🐲", 1_000)) }, 601).ShouldNotBeNull();

        trimmed.GetProperty("body").GetString()!.ShouldNotContain("\uFFFD");
    }

    [Fact]
    public void What_cannot_be_shortened_is_not() =>
        Trim(Enumerable.Range(0, 1_000).ToDictionary(n => $"property{n}", n => n), 1_000).ShouldBeNull();

    private static JsonElement? Trim<T>(T value, int limit)
    {
        var trimmed = ResultTrimmer.Trim(JsonSerializer.SerializeToElement(value), limit);
        if (trimmed is { } element)
        {
            Encoding.UTF8.GetByteCount(element.GetRawText()).ShouldBeLessThanOrEqualTo(limit);
        }

        return trimmed;
    }
}
