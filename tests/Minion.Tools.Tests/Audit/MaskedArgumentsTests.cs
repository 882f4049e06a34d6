using System.Text.Json;
using Minion.Tools.Audit;

namespace Minion.Tools.Tests.Audit;

public sealed class MaskedArgumentsTests
{
    [Theory]
    [InlineData("""{"password":"hunter2"}""")]
    [InlineData("""{"userPassword":"hunter2"}""")]
    [InlineData("""{"api_key":"hunter2"}""")]
    [InlineData("""{"apiKey":"hunter2"}""")]
    [InlineData("""{"access_token":"hunter2"}""")]
    [InlineData("""{"client_secret":{"value":"hunter2"}}""")]
    [InlineData("""{"headers":{"Authorization":"hunter2"}}""")]
    [InlineData("""{"headers":[{"x":{"Cookie":"hunter2"}}]}""")]
    [InlineData("""{"h":"Bearer hunter2hunter2"}""")]
    [InlineData("""{"h":"authorization: basic hunter2hunter2=="}""")]
    [InlineData("""{"url":"https://ada:hunter2@example.com/"}""")]
    [InlineData("""{"url":"https://example.com/?x=1&api_key=hunter2&y=2"}""")]
    [InlineData("""{"c":"Host=db;Username=ada;Password=hunter2;Database=x"}""")]
    [InlineData("""{"k":"sk-hunter2hunter2hunter2hunter2"}""")]
    [InlineData("""{"k":"ghp_hunter2hunter2hunter2"}""")]
    [InlineData("""{"k":"-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----"}""")]
    [InlineData("""{"special":"hunter2"}""")]
    public void A_secret_does_not_get_into_the_audit(string arguments)
    {
        var masked = MaskedArguments.Of(JsonElement.Parse(arguments), ["/special"]);

        masked.ShouldNotContain("hunter2");
        masked.ShouldContain("•••");
        JsonElement.Parse(masked).ValueKind.ShouldBe(JsonValueKind.Object);
    }

    [Theory]
    [InlineData("""{"cvv":4711}""")]
    [InlineData("""{"card_number":4711000011112222}""")]
    [InlineData("""{"passcode":[4711]}""")]
    public void A_secret_may_be_a_number(string arguments) => MaskedArguments.Of(JsonElement.Parse(arguments), []).ShouldNotContain("4711");

    [Theory]
    [InlineData("""{"city":"Zürich","max_tokens":100,"author":"ada","keyboard":"qwertz","path":"/a/b","on":true,"list":[1,null]}""")]
    [InlineData("""{"url":"https://example.com:8080/a?b=c"}""")]
    public void What_is_no_secret_stays(string arguments) => MaskedArguments.Of(JsonElement.Parse(arguments), []).ShouldBe(arguments);

    [Fact]
    public void Long_and_odd_values_become_what_the_database_keeps()
    {
        MaskedArguments.Of(JsonElement.Parse($$"""{"t":"{{new string('x', 10_000)}}"}"""), []).Length.ShouldBeLessThan(700);
        MaskedArguments.Of(JsonElement.Parse("""{"a\u0000":"b\u0000","n":1e99999,"m":123456789012345678901234567890123456789012345}"""), [])
            .ShouldBe("""{"a�":"b�","n":"1e99999","m":"123456789012345678901234567890123456789012345"}""");
        MaskedArguments.Of(JsonElement.Parse("[" + string.Join(',', Enumerable.Repeat($"\"{new string('y', 400)}\"", 90)) + "]"), []).ShouldContain("bytes");
        MaskedArguments.Of(default, []).ShouldBe("null");
    }

    [Fact]
    public void A_schema_says_which_arguments_are_secret() =>
        MaskedArguments.In("""{"properties":{"a":{"format":"password"},"b/c":{"writeOnly":true},"d":{"type":"string"},"e":true}}""").ShouldBe(["/a", "/b~1c"]);
}
