using System.Net;
using System.Net.Http.Headers;

namespace Minion.Edge.Tests.Mcp;

/// <summary>What a request must be, and who may make it.</summary>
[Collection(ServerCollection.Name)]
public sealed class TransportTests(ServerFixture server)
{
    private const string Initialize = """
        {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}
        """;

    private const string Ping = """{"jsonrpc":"2.0","id":2,"method":"ping"}""";

    [Theory]
    [InlineData("{", "application/json", "application/json, text/event-stream", 400, -32700)]
    [InlineData("[]", "application/json", "application/json, text/event-stream", 400, -32600)]
    [InlineData("{}", "application/json", "application/json, text/event-stream", 400, -32600)]
    [InlineData("\"x\"", "application/json", "application/json, text/event-stream", 400, -32600)]
    [InlineData(Ping, "text/plain", "application/json, text/event-stream", 415, -32000)]
    [InlineData(Ping, "application/json", "application/json", 406, -32000)]
    [InlineData(Ping, "application/json", "application/json, text/event-stream", 400, -32000)]
    public async Task A_request_that_is_none_is_refused_with_the_reason(string body, string type, string accept, int status, int code)
    {
        using var http = Client(ServerFixture.AdaKey);
        using var request = RawCalls.Post(server.Mcp, body, accept, type);

        using var response = await http.SendAsync(request);

        var answer = await RawCalls.AnswerAsync(response);
        ((int)response.StatusCode).ShouldBe(status, answer.GetRawText());
        answer.GetProperty("error").GetProperty("code").GetInt32().ShouldBe(code);
    }

    [Fact]
    public async Task A_session_belongs_to_who_began_it_until_it_is_deleted()
    {
        using var ada = Client(ServerFixture.AdaKey);
        using var bob = Client(ServerFixture.BobKey);
        using var begun = await ada.SendAsync(RawCalls.Post(server.Mcp, Initialize));
        var session = begun.Headers.GetValues("Mcp-Session-Id").Single();

        using var hers = await ada.SendAsync(InSession(Ping, session));
        using var his = await bob.SendAsync(InSession(Ping, session));
        using var foreignEnd = await bob.SendAsync(InSession(null, session));
        using var end = await ada.SendAsync(InSession(null, session));
        using var after = await ada.SendAsync(InSession(Ping, session));

        hers.StatusCode.ShouldBe(HttpStatusCode.OK);
        his.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        foreignEnd.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        end.StatusCode.ShouldBe(HttpStatusCode.OK);
        after.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Nobody_calls_without_a_key_and_no_page_of_somewhere_else_with_one()
    {
        using var nobody = new HttpClient();
        using var ada = Client(ServerFixture.AdaKey);
        using var page = RawCalls.Post(server.Mcp, Initialize);
        page.Headers.Add("Origin", "https://evil.example.com");

        using var refused = await nobody.SendAsync(RawCalls.Post(server.Mcp, Initialize));
        using var foreign = await ada.SendAsync(page);

        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        foreign.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task What_is_too_long_is_refused()
    {
        // The client asks first whether it may send so much.
        using var ada = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromSeconds(60) });
        using var request = RawCalls.Post(server.Mcp, Ping + new string(' ', 5 * 1024 * 1024));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ServerFixture.AdaKey);
        request.Headers.ExpectContinue = true;

        using var response = await ada.SendAsync(request);

        ((int)response.StatusCode).ShouldBeInRange(400, 499);
    }

    private HttpRequestMessage InSession(string? body, string session)
    {
        var request = body is null ? new HttpRequestMessage(HttpMethod.Delete, server.Mcp) : RawCalls.Post(server.Mcp, body);
        request.Headers.Add("Mcp-Session-Id", session);
        request.Headers.Add("MCP-Protocol-Version", McpClients.Legacy);
        return request;
    }

    private static HttpClient Client(string key)
    {
        var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }
}
