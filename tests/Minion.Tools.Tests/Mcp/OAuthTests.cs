using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Minion.Tools.Mcp;
using Minion.Tools.Sources;

namespace Minion.Tools.Tests.Mcp;

/// <summary>Secrets go to the authorization server that an administrator named, whatever the server says.</summary>
public sealed class OAuthTests
{
    private const string RefreshToken = "refresh-4711";

    [Fact]
    public async Task Secrets_are_not_sent_to_an_authorization_server_that_only_the_server_names()
    {
        await using var elsewhere = await AuthorizationServer.StartAsync();
        await using var server = await McpServer.StartAsync(elsewhere.Url);
        await using var source = Source(server.Url, authorizationServer: null);

        var refusal = (await Should.ThrowAsync<ToolSourceException>(source.ListAsync())).Message;

        refusal.ShouldContain($"'{elsewhere.Url}/'");
        refusal.ShouldContain("authorization_server");
        elsewhere.Bodies.ShouldBeEmpty();
    }

    [Fact]
    public async Task Secrets_are_sent_to_the_authorization_server_of_the_settings()
    {
        await using var named = await AuthorizationServer.StartAsync();
        await using var server = await McpServer.StartAsync(named.Url);
        await using var source = Source(server.Url, named.Url + "/");

        (await source.ListAsync()).Select(tool => tool.Description.Name).ShouldBe(["peer_read"]);

        named.Bodies.ShouldHaveSingleItem().ShouldContain(RefreshToken);
        source.SentSecrets.ShouldContain("access-0815");
    }

    [Fact]
    public async Task A_server_that_leads_elsewhere_than_the_settings_say_is_refused()
    {
        await using var elsewhere = await AuthorizationServer.StartAsync();
        await using var server = await McpServer.StartAsync(elsewhere.Url);
        await using var source = Source(server.Url, "https://login.example.com");

        (await Should.ThrowAsync<ToolSourceException>(source.ListAsync())).Message.ShouldContain("not to 'https://login.example.com'");
        elsewhere.Bodies.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_server_that_authorizes_by_itself_needs_no_name()
    {
        await using var server = await McpServer.StartAsync(authorizationServer: null);
        await using var source = Source(server.Url, authorizationServer: null);

        (await source.ListAsync()).ShouldHaveSingleItem();

        server.Bodies.ShouldHaveSingleItem().ShouldContain(RefreshToken);
    }

    private static McpSource Source(string url, string? authorizationServer) => McpTesting.Kind(environment: name => name == "PEER_TOKEN" ? RefreshToken : null, allowed: ["127.0.0.1"]).Source(
        McpTesting.Json(new { url, protocol = "2025-11-25", oauth = new { client_id = "minion", refresh_token = "${PEER_TOKEN}", authorization_server = authorizationServer } }));

    /// <summary>Takes refresh tokens for access tokens, and keeps what it was sent.</summary>
    internal class AuthorizationServer(WebApplication app) : IAsyncDisposable
    {
        public string Url => app.Urls.First();

        public ConcurrentQueue<string> Bodies { get; } = new();

        public static async Task<AuthorizationServer> StartAsync()
        {
            var server = new AuthorizationServer(Build());
            server.Map();
            await server.RunAsync();
            return server;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();

        protected Task RunAsync() => app.StartAsync();

        protected void Map()
        {
            app.MapGet("/.well-known/oauth-authorization-server", () => Results.Json(new
            {
                issuer = Url,
                authorization_endpoint = Url + "/authorize",
                token_endpoint = Url + "/token",
                response_types_supported = new[] { "code" },
                grant_types_supported = new[] { "authorization_code", "refresh_token" },
                code_challenge_methods_supported = new[] { "S256" },
                token_endpoint_auth_methods_supported = new[] { "none" },
            }));
            app.MapPost("/token", async http =>
            {
                using var reader = new StreamReader(http.Request.Body);
                Bodies.Enqueue(await reader.ReadToEndAsync());
                await http.Response.WriteAsJsonAsync(new { access_token = "access-0815", refresh_token = "refresh-2342", token_type = "Bearer", expires_in = 3600 });
            });
        }

        protected static WebApplication Build()
        {
            var builder = WebApplication.CreateBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            return builder.Build();
        }
    }

    /// <summary>An MCP server that wants a token, and its own authorization server unless another is named.</summary>
    internal sealed class McpServer(WebApplication app) : AuthorizationServer(app)
    {
        private readonly WebApplication _app = app;

        public new string Url => base.Url + "/mcp";

        public static async Task<McpServer> StartAsync(string? authorizationServer)
        {
            var server = new McpServer(Build());
            server.Map();
            server._app.MapGet("/.well-known/oauth-protected-resource/mcp", () => Results.Json(new { resource = server.Url, authorization_servers = new[] { authorizationServer ?? ((AuthorizationServer)server).Url } }));
            server._app.MapPost("/mcp", server.AnswerAsync);
            await server.RunAsync();
            return server;
        }

        private async Task AnswerAsync(HttpContext http)
        {
            if (http.Request.Headers.Authorization != "Bearer access-0815")
            {
                http.Response.StatusCode = 401;
                http.Response.Headers.WWWAuthenticate = $"Bearer resource_metadata=\"{base.Url}/.well-known/oauth-protected-resource/mcp\"";
                return;
            }

            var request = (await JsonNode.ParseAsync(http.Request.Body))!;
            if (request["id"] is not { } id)
            {
                http.Response.StatusCode = 202;
                return;
            }

            var result = request["method"]!.GetValue<string>() == "initialize"
                ? """{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"http","version":"1"}}"""
                : request["method"]!.GetValue<string>() == "tools/call" ? """{"content":[{"type":"text","text":"fine"}]}"""
                : """{"tools":[{"name":"read","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":true}}]}""";
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync($$"""{"jsonrpc":"2.0","id":{{id.ToJsonString()}},"result":{{result}}}""");
        }
    }
}
