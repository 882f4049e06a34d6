using System.Text.Json;
using Minion.Tools.Sources;

namespace Minion.Tools.Tests.Sources;

public sealed class LiteralSecretsTests
{
    [Theory]
    [InlineData("""{"headers":{"Authorization":"Bearer abc"}}""", "/headers/Authorization")]
    [InlineData("""{"headers":{"authorization":"abc","X-Api-Key":"1","Cookie":"a=b","X-Auth":"x"}}""", "/headers/authorization /headers/X-Api-Key /headers/Cookie /headers/X-Auth")]
    [InlineData("""{"metadata":{"x-token":"abc"}}""", "/metadata/x-token")]
    [InlineData("""{"env":{"GITHUB_TOKEN":"abc","DB_PASSWORD":123456,"SSH_KEY":"x","clientSecret":"y"}}""", "/env/GITHUB_TOKEN /env/DB_PASSWORD /env/SSH_KEY /env/clientSecret")]
    [InlineData("""{"headers":{"X-Client":"Bearer abcdefghijkl"},"env":{"DATABASE":"postgres://ada:geheim@db/shop"}}""", "/headers/X-Client /env/DATABASE")]
    [InlineData("""{"args":["--api-key","abc","--token=abc","--password","--verbose"]}""", "/args/1 /args/2")]
    [InlineData("""{"args":["postgres://ada:geheim@db/shop"],"url":"https://example.com/mcp?token=abcdef"}""", "/args/0 /url")]
    public void A_secret_in_the_settings_is_found(string settings, string paths) =>
        string.Join(' ', Problems(settings).Select(problem => problem.Path)).ShouldBe(paths);

    [Theory]
    [InlineData("""{"headers":{"Authorization":"Bearer ${X_TOKEN}","X-Client":"minion","Accept":"text/plain","Idempotency-Key-Header":"x"}}""")]
    [InlineData("""{"env":{"GITHUB_TOKEN":"${GITHUB_TOKEN}","MAX_TOKENS":"500","TOKEN_FILE":"/run/token","KEYBOARD":"us","MONKEY":"x","AUTHOR":"Ada","USE_TOKEN":"true","API_KEY":""}}""")]
    [InlineData("""{"args":["--api-key","${X_API_KEY}","--token=${X_TOKEN}","--max-tokens","5","--token-limit=9"],"url":"https://example.com/mcp?token=${X_TOKEN}&a=b"}""")]
    [InlineData("""{"tools":[{"name":"a","parameters":{"token":{"type":"string"}}}],"document":"Bearer abcdefghijkl"}""")]
    [InlineData("[]")]
    [InlineData("\"https://example.com/openapi.json\"")]
    public void What_is_none_is_let_be(string settings) => Problems(settings).ShouldBeEmpty();

    [Theory]
    [InlineData("""{"headers":{"Authorization":"abc"}}""", "'Bearer ${SERVICE_TOKEN}'")]
    [InlineData("""{"env":{"GITHUB_TOKEN":"abc"}}""", "'${GITHUB_TOKEN}'")]
    [InlineData("""{"headers":{"X-Key":"abc"}}""", "'${SERVICE_TOKEN}'")]
    public void It_is_said_how_to_write_it_instead(string settings, string example)
    {
        var problem = Problems(settings).ShouldHaveSingleItem().Problem;
        problem.ShouldContain(example);
        problem.ShouldNotContain("abc");
    }

    private static List<SourceProblem> Problems(string settings) => [.. LiteralSecrets.Check(JsonElement.Parse(settings))];
}
