using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Sources;
using Minion.Tools.Sources.WebSocket;
using Minion.Tools.Tests.Sources.Http;

namespace Minion.Tools.Tests.Sources.WebSocket;

public sealed class WebSocketTests(ApiServer api) : IClassFixture<ApiServer>
{
    private const string Quote = """{ "name": "quote", "description": "Gives a price.", "effect": "read_only", "parameters": { "symbol": { "type": "string" }, "depth": { "type": "integer" } }, "required": ["symbol"] }""";

    [Fact]
    public async Task A_message_is_sent_and_the_answer_is_the_result()
    {
        api.Answers["/echo"] = Serve(async (socket, request) => await SendAsync(socket, $$"""{"price":12.5,"asked":{{request}}}"""));
        (await CallAsync("/echo", Quote, """{ "symbol": "ACME" }""")).Value().GetRawText().ShouldBe("""{"message":{"price":12.5,"asked":{"symbol":"ACME"}}}""");
    }

    [Fact]
    public async Task The_answer_is_the_one_that_repeats_the_id()
    {
        api.Answers["/stream"] = Serve(async (socket, request) =>
        {
            var id = JsonElement.Parse(request).GetProperty("id").GetString();
            await SendAsync(socket, "tick");
            await SendAsync(socket, """{"id":"another","data":1}""");
            await SendAsync(socket, """{"id":null}""");
            await SendAsync(socket, $$"""{"id":"{{id}}","data":{"price":{{JsonElement.Parse(request).GetProperty("params")[0].GetRawText()}} } }""");
        }, greeting: "welcome");
        const string Tool = """{ "name": "q", "description": "Q.", "effect": "read_only", "parameters": { "symbol": { "type": "string" }, "depth": { "type": "integer" } }, "message": { "method": "quote", "params": ["{symbol}", "{depth}"], "depth": "{depth}" }, "result": "/data/price" }""";
        (await CallAsync("/stream", Tool, """{ "symbol": "ACME" }""", """, "correlation": "id", "skip": 1""")).Value().GetRawText().ShouldBe("""{"message":"ACME"}""");
    }

    [Fact]
    public async Task Secrets_are_sent_when_connecting()
    {
        api.Answers["/secret"] = Serve((socket, _) => SendAsync(socket, "in"), allow: context => context.Request.Headers.Authorization == "Bearer geheim-4711" && context.Request.Headers["X-Client"] == "minion");
        (await CallAsync("/secret", Quote, """{ "symbol": "x" }""", """, "auth": { "bearer": "${SHOP_TOKEN}" }, "headers": { "X-Client": "minion" }""")).Value().GetRawText().ShouldBe("""{"message":"in"}""");
        (await CallAsync("/secret", Quote, """{ "symbol": "x" }""")).Failure().Retryable.ShouldBeTrue();
        (await CallAsync("/secret", Quote, """{ "symbol": "x" }""", """, "auth": { "bearer": "${NO_TOKEN}" }""")).Failure().Message.ShouldContain("NO_TOKEN");
    }

    [Fact]
    public async Task Secrets_that_come_back_are_not_shown()
    {
        api.Answers["/tells"] = context => Serve((socket, _) => SendAsync(socket, $"you are {context.Request.Headers.Authorization} of {context.Request.Headers["X-Key"]}"))(context);
        (await CallAsync("/tells", Quote, """{ "symbol": "x" }""", """, "auth": { "bearer": "${SHOP_TOKEN}" }, "headers": { "X-Key": "${SHOP_PASSWORD}" }""")).Value().GetRawText()
            .ShouldBe("""{"message":"you are Bearer *** of ***"}""");
    }

    [Theory]
    [InlineData("large", "more than 2000 bytes")]
    [InlineData("binary", "no text")]
    [InlineData("close", "closed the connection")]
    [InlineData("abort", "ended it")]
    public async Task What_is_no_answer_is_said_and_a_change_may_have_happened(string how, string expected)
    {
        api.Answers[$"/{how}"] = Serve(async (socket, _) =>
        {
            switch (how)
            {
                case "large":
                    await SendAsync(socket, new string('x', 100_000));
                    break;
                case "binary":
                    await socket.SendAsync(new byte[] { 1 }, WebSocketMessageType.Binary, endOfMessage: true, default);
                    break;
                case "close":
                    await socket.CloseOutputAsync(WebSocketCloseStatus.PolicyViolation, "no", default);
                    break;
                default:
                    socket.Abort();
                    break;
            }
        });
        foreach (var effect in new[] { "read_only", "side_effect" })
        {
            var failure = (await CallAsync($"/{how}", Quote.Replace("read_only", effect, StringComparison.Ordinal), """{ "symbol": "x" }""", """, "max_bytes": 2000""")).Failure();
            failure.Message.ShouldContain(expected);
            failure.Undecided.ShouldBe(effect == "side_effect");
        }
    }

    [Fact]
    public async Task Another_host_than_the_declared_one_is_not_reached()
    {
        var kind = new WebSocketSourceKind(api.Guard, api.Secrets);
        api.Answers["/moved"] = context =>
        {
            context.Response.Redirect("http://127.0.0.2:1/");
            return Task.CompletedTask;
        };
        (await CallAsync("/moved", Quote, """{ "symbol": "x" }""")).Failure();
        await using var source = kind.Create("stock", $$"""{ "url": "ws://127.0.0.1:1/", "tools": [ {{Quote}} ] }""");
        (await source.ListAsync(TestContext.Current.CancellationToken)).Single().Description.Untrusted.ShouldBeTrue();
    }

    [Fact]
    public void Settings_are_checked_all_at_once() =>
        new WebSocketSourceKind(api.Guard, api.Secrets).Problems("""{ "url": "http://x", "auth": { "bearer": "x" }, "skip": -1, "tools": [{ "name": "x", "description": "X.", "parameters": { "a": { "type": "odd" } }, "result": "x" }] }""")
            .Select(problem => problem.Split(' ')[0]).ShouldBe(["/url", "/auth/bearer", "/skip", "/tools/0/result", "/tools/0/parameters"]);

    private async Task<ToolOutcome> CallAsync(string path, string tool, string arguments, string more = "")
    {
        var url = api.Url.Replace("http://", "ws://", StringComparison.Ordinal) + path;
        await using var source = new WebSocketSourceKind(api.Guard, api.Secrets).Create("stock", $$"""{ "url": "{{url}}", "tools": [ {{tool}} ]{{more}} }""", secrets: api.Secrets);
        return await (await source.ListAsync(TestContext.Current.CancellationToken)).Single().InvokeAsync(arguments);
    }

    private static Func<HttpContext, Task> Serve(Func<System.Net.WebSockets.WebSocket, string, Task> answer, string greeting = "", Func<HttpContext, bool>? allow = null) => async context =>
    {
        if (allow is not null && !allow(context))
        {
            context.Response.StatusCode = 401;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        if (greeting.Length > 0)
        {
            await SendAsync(socket, greeting);
        }

        var buffer = new byte[10_000];
        var received = await socket.ReceiveAsync(buffer, context.RequestAborted);
        await answer(socket, Encoding.UTF8.GetString(buffer, 0, received.Count));
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            try
            {
                await socket.ReceiveAsync(buffer, context.RequestAborted);
            }
            catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
            {
                // The caller has what it wanted.
            }
        }
    };

    private static Task SendAsync(System.Net.WebSockets.WebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
}
