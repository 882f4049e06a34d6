using System.Text.Json;
using Minion.Tools.BuiltIn;

namespace Minion.Tools.Tests.BuiltIn;

public sealed class TextToolTests
{
    [Theory]
    [InlineData("""{"operation":"count","text":"Grüße 👩‍👩‍👧 an\nalle\n"}""", """{"characters":16,"words":4,"lines":2,"bytes":35}""")]
    [InlineData("""{"operation":"count","text":"strawberry","find":"r"}""", """{"count":3}""")]
    [InlineData("""{"operation":"find","text":"a1 b22","find":"([a-z])([0-9]+)","regex":true,"limit":1}""", """{"matches":[{"text":"a1","start":0,"groups":["a","1"]}],"count":2}""")]
    [InlineData("""{"operation":"find","text":"a.c abc","find":"a.c"}""", """{"matches":[{"text":"a.c","start":0,"groups":[]}],"count":1}""")]
    [InlineData("""{"operation":"replace","text":"x=1, y=2","find":"([a-z])=([0-9])","replacement":"$2=$1","regex":true}""", """{"text":"1=x, 2=y"}""")]
    [InlineData("""{"operation":"replace","text":"cost $1","find":"$1","replacement":"$$2"}""", """{"text":"cost $$2"}""")]
    [InlineData("""{"operation":"replace","text":"Aa","find":"a","replacement":"","ignore_case":true}""", """{"text":""}""")]
    [InlineData("""{"operation":"split","text":"a, b,c","find":", ?","regex":true}""", """{"items":["a","b","c"],"count":3}""")]
    [InlineData("""{"operation":"slice","text":"Grüße","start":-2}""", """{"text":"ße"}""")]
    [InlineData("""{"operation":"slice","text":"Grüße","start":1,"end":3}""", """{"text":"rü"}""")]
    [InlineData("""{"operation":"slice","text":"Grüße","start":3,"end":1}""", """{"text":""}""")]
    [InlineData("""{"operation":"upper","text":"grün"}""", """{"text":"GRÜN"}""")]
    [InlineData("""{"operation":"sort_lines","text":"b\na\nc\n"}""", """{"text":"a\nb\nc"}""")]
    [InlineData("""{"operation":"unique_lines","text":"b\na\nb"}""", """{"text":"b\na"}""")]
    [InlineData("""{"operation":"diff","text":"a\nb\nc\nd","other":"a\nB\nc\nd\ne"}""", """{"text":" a\n-b\n+B\n c\n d\n+e\n"}""")]
    [InlineData("""{"operation":"diff","text":"a","other":"a"}""", """{"text":""}""")]
    [InlineData("""{"operation":"base64_encode","text":"Grüße"}""", """{"text":"R3LDvMOfZQ=="}""")]
    [InlineData("""{"operation":"base64_decode","text":"R3LDvMOfZQ=="}""", """{"text":"Grüße"}""")]
    [InlineData("""{"operation":"url_encode","text":"a b&ü"}""", """{"text":"a%20b%26%C3%BC"}""")]
    [InlineData("""{"operation":"url_decode","text":"a%20b%26%C3%BC"}""", """{"text":"a b&ü"}""")]
    [InlineData("""{"operation":"sha256","text":"abc"}""", """{"text":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}""")]
    public async Task An_operation_gives_its_result(string arguments, string result) =>
        (await new TextTool().InvokeAsync(arguments)).Value().GetRawText().ShouldBe(result);

    [Theory]
    [InlineData("""{"operation":"find","text":"a"}""", "needs 'find'")]
    [InlineData("""{"operation":"replace","text":"a","find":"a"}""", "needs 'replacement'")]
    [InlineData("""{"operation":"diff","text":"a"}""", "needs 'other'")]
    [InlineData("""{"operation":"find","text":"a","find":"(","regex":true}""", "cannot be used")]
    [InlineData("""{"operation":"find","text":"a","find":"(a)\\1","regex":true}""", "cannot be used")]
    [InlineData("""{"operation":"base64_decode","text":"%%%"}""", "no Base64")]
    [InlineData("""{"operation":"base64_decode","text":"//8="}""", "no Base64")]
    public async Task What_cannot_be_done_says_why(string arguments, string message) =>
        (await new TextTool().InvokeAsync(arguments)).Failure().Message.ShouldContain(message);

    [Fact]
    public async Task A_few_characters_cannot_ask_for_very_many()
    {
        var replace = JsonSerializer.Serialize(
            new { operation = "replace", text = new string('a', 400_000), find = "a", replacement = new string('b', 10_000) });
        var multiply = JsonSerializer.Serialize(
            new { operation = "replace", text = new string('a', 400_000), find = "a*", replacement = "$0$0$0$0$0$0$0$0", regex = true });
        var catastrophe = JsonSerializer.Serialize(new { operation = "count", text = new string('a', 400_000), find = "(a+)+$b", regex = true });

        (await new TextTool().InvokeAsync(replace)).Failure().Message.ShouldContain("more than 1000000 characters");
        (await new TextTool().InvokeAsync(multiply)).Failure().Message.ShouldContain("more than 1000000 characters");
        (await new TextTool().InvokeAsync(catastrophe)).Value().GetProperty("count").GetInt32().ShouldBe(0);
    }
}
