using System.Text.Json;
using Minion.Tools.Mcp;

namespace Minion.Tools.Tests.Mcp;

public sealed class McpSettingsTests
{
    [Theory]
    [InlineData("""{"command":"npx","args":["-y","server"],"env":{"A":"${X_TOKEN}"},"cwd":"/tmp"}""")]
    [InlineData("""{"url":"https://example.com/mcp","headers":{"Authorization":"Bearer ${X_TOKEN}"}}""")]
    [InlineData("""{"url":"https://example.com/mcp","oauth":{"client_id":"a","client_secret":"${X_SECRET}","refresh_token":"${X_TOKEN}","scopes":["read"]}}""")]
    [InlineData("""{"url":"${X_CONNECTION}/mcp","protocol":"2025-11-25","tools":["read_*"],"resources":false,"prompts":false,"timeout":"2m","start_timeout":"5s"}""")]
    public void Settings_are_read(string json) => Problems(json).ShouldBeEmpty();

    [Theory]
    [InlineData("[]", " must have command, or url")]
    [InlineData("{}", " must have either command")]
    [InlineData("""{"command":"a","url":"http://b/"}""", " must have either command")]
    [InlineData("""{"command":"a","headers":{"A":"b"}}""", "/headers goes only with url")]
    [InlineData("""{"url":"http://b/","args":["x"],"env":{"A":"b"},"cwd":"/"}""", "/args goes only with command;/env goes only with command;/cwd goes only with command")]
    [InlineData("""{"url":"ftp://b/"}""", "/url must be an http")]
    [InlineData("""{"url":"http://user:secret@b/"}""", "/url must be an http")]
    [InlineData("""{"url":"http://b/","headers":{"Host":"x","Mcp-Session-Id":"y","bad header":"z"}}""", "'Host';/headers has 'Mcp-Session-Id';/headers has 'bad header'")]
    [InlineData("""{"url":"http://b/","headers":{"A":"x\r\ny"}}""", "control characters")]
    [InlineData("""{"command":"a","env":{"1=":"x"}}""", "no name of a variable")]
    [InlineData("""{"command":"a","protocol":"2020-01-01"}""", "/protocol must be one of")]
    [InlineData("""{"command":"a","timeout":"1h","start_timeout":"0s"}""", "/start_timeout must be a time;/timeout must be a time")]
    [InlineData("""{"command":"a","comand":"b"}""", "/comand is not known. Did you mean 'command'?")]
    [InlineData("""{"url":"http://b/","oauth":{"client_secret":"plain","refresh_token":"plain"}}""", "/oauth/client_secret must be a reference;/oauth/refresh_token must be a reference;/oauth/client_id must be given")]
    [InlineData("""{"url":"http://b/","oauth":{"client_metadata":"http://x/"}}""", "/oauth/client_metadata must be an https URL")]
    public void Everything_wrong_is_said_at_once(string json, string expected)
    {
        var said = string.Join(";", Problems(json).OrderBy(problem => problem, StringComparer.Ordinal));
        foreach (var part in expected.Split(';'))
        {
            said.ShouldContain(part);
        }
    }

    private static List<string> Problems(string json) =>
        [.. McpTesting.Kind().Check(JsonElement.Parse(json)).Select(problem => $"{problem.Path} {problem.Problem}")];
}
