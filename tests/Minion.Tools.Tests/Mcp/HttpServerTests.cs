using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Minion.Tools.Mcp;
using Minion.Tools.Sources;

namespace Minion.Tools.Tests.Mcp;

/// <summary>Servers that are called over HTTP, good and bad ones.</summary>
public sealed class HttpServerTests
{
    [Fact]
    public async Task A_server_is_called_with_the_declared_headers()
    {
        var seen = "";
        await using var server = await StartAsync(http =>
        {
            seen = http.Request.Headers.Authorization.ToString();
            return Task.FromResult(false);
        });
        await using var source = McpTesting.Kind(environment: name => name == "PEER_TOKEN" ? "s3cret" : null).Source(
            McpTesting.Json(new { url = Url(server), headers = new { Authorization = "Bearer ${PEER_TOKEN}" }, protocol = "2025-11-25" }));

        (await (await source.FindAsync("peer_read")).CallAsync()).Value().GetProperty("text").GetString().ShouldBe("fine");

        seen.ShouldBe("Bearer s3cret");
    }

    [Theory]
    [InlineData("application/json", "more than 100000 bytes")]
    [InlineData("text/event-stream", "without a reply")]
    public async Task A_message_that_is_too_large_ends_the_call(string type, string message)
    {
        await using var server = await StartAsync(async http => http.Request.Headers["Mcp-Method"] == "tools/call" && await EndlessAsync(http, type));
        await using var source = McpTesting.Kind(new McpOptions { LargestMessage = 100_000 }).Source(McpTesting.Json(new { url = Url(server), protocol = "2025-11-25" }));

        (await (await source.FindAsync("peer_read")).CallAsync()).Failure().Message.ShouldContain(message);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(500)]
    public async Task A_server_that_refuses_is_said(int status)
    {
        await using var server = await StartAsync(http =>
        {
            http.Response.StatusCode = status;
            return Task.FromResult(true);
        });
        await using var source = McpTesting.Kind().Source(McpTesting.Json(new { url = Url(server), protocol = "2025-11-25" }));

        (await Should.ThrowAsync<ToolSourceException>(source.ListAsync())).Message.ShouldContain($"{status}");
        source.Health.State.ShouldBe(SourceState.Failing);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        var asked = 0;
        await using var inside = await StartAsync(_ =>
        {
            asked++;
            return Task.FromResult(false);
        });
        await using var server = await StartAsync(http =>
        {
            http.Response.Redirect(Url(inside), permanent: false, preserveMethod: true);
            return Task.FromResult(true);
        });
        await using var source = McpTesting.Kind().Source(McpTesting.Json(new { url = Url(server), protocol = "2025-11-25" }));

        await Should.ThrowAsync<ToolSourceException>(source.ListAsync());

        asked.ShouldBe(0);
    }

    private static string Url(WebApplication server) => server.Urls.First() + "/mcp";

    private static async Task<bool> EndlessAsync(HttpContext http, string type)
    {
        http.Response.ContentType = type;
        await http.Response.WriteAsync(type == "application/json" ? "\"" : "data: ");
        for (var i = 0; i < 100; i++)
        {
            await http.Response.WriteAsync(new string('x', 10_000));
        }

        return true;
    }

    /// <param name="first">Whether it has answered instead of the server.</param>
    private static async Task<WebApplication> StartAsync(Func<HttpContext, Task<bool>> first)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.MapPost("/mcp", async http =>
        {
            if (!await first(http))
            {
                await AnswerAsync(http);
            }
        });
        await app.StartAsync();
        return app;
    }

    private static async Task AnswerAsync(HttpContext http)
    {
        var request = (await JsonNode.ParseAsync(http.Request.Body))!;
        if (request["id"] is not { } id)
        {
            http.Response.StatusCode = 202;
            return;
        }

        var result = request["method"]!.GetValue<string>() switch
        {
            "initialize" => """{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"http","version":"1"}}""",
            "tools/list" => """{"tools":[{"name":"read","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":true}}]}""",
            _ => """{"content":[{"type":"text","text":"fine"}]}""",
        };
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync($$"""{"jsonrpc":"2.0","id":{{id.ToJsonString()}},"result":{{result}}}""");
    }
}
