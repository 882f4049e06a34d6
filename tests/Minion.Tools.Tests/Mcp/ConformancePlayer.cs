using System.Collections.Concurrent;
using System.Net;
using System.Net.Http;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Mcp;
using Minion.Tools.Mcp.Authorization;

namespace Minion.Tools.Tests.Mcp;

/// <summary>
/// Plays the client in the conformance suite. The suite starts a program for each scenario; that program only passes on what it was told,
/// and a source in this process does the rest, as a tenant's source would.
/// </summary>
internal sealed class ConformancePlayer : IAsyncDisposable
{
    private const string Newest = "2026-07-28";

    private readonly WebApplication _app;
    private readonly string _folder = Directory.CreateTempSubdirectory("minion-test-").FullName;

    private ConformancePlayer(WebApplication app) => _app = app;

    public ConcurrentQueue<string> Log { get; } = new();

    /// <summary>The program that the suite starts, for Node.js.</summary>
    public string Script => Path.Combine(_folder, "client.mjs");

    public static async Task<ConformancePlayer> StartAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var player = new ConformancePlayer(builder.Build());
        player._app.MapPost("/", player.PlayAsync);
        await player._app.StartAsync();
        await File.WriteAllTextAsync(
            player.Script,
            $$"""
            const answer = await fetch('{{player._app.Urls.First()}}/', { method: 'POST', body: JSON.stringify({
              scenario: process.env.MCP_CONFORMANCE_SCENARIO, revision: process.env.MCP_CONFORMANCE_PROTOCOL_VERSION,
              context: process.env.MCP_CONFORMANCE_CONTEXT ?? '{}', url: process.argv[2] }) });
            console.log(await answer.text());
            process.exitCode = answer.ok ? 0 : 1;
            """);
        return player;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task PlayAsync(HttpContext http)
    {
        using var body = await JsonDocument.ParseAsync(http.Request.Body);
        var scenario = body.RootElement.GetProperty("scenario").GetString()!;
        var context = JsonElement.Parse(body.RootElement.GetProperty("context").GetString()!);
        try
        {
            await using var source = await SourceAsync(body.RootElement.GetProperty("url").GetString()!, body.RootElement.GetProperty("revision").GetString()!, scenario, context);
            await PlayAsync(source, scenario, context);
            Log.Enqueue($"{scenario}: played");
            await http.Response.WriteAsync("played");
        }
        catch (Exception exception)
        {
            Log.Enqueue($"{scenario}: {exception.Message}");
            http.Response.StatusCode = 500;
            await http.Response.WriteAsync(exception.ToString());
        }
    }

    private static async Task<McpSource> SourceAsync(string url, string revision, string scenario, JsonElement context)
    {
        var id = context.TryGetProperty("client_id", out var given) ? given.GetString() : null;
        object? oauth = !scenario.StartsWith("auth/", StringComparison.Ordinal) ? null
            : id is null ? new { client_metadata = "https://conformance-test.local/client-metadata.json" }
            : new { client_id = id, client_secret = "${CLIENT_SECRET}", authorization_server = await AuthorizationServerAsync(url) };
        var settings = JsonSerializer.Serialize(new Dictionary<string, object?> { ["url"] = url, ["protocol"] = revision == Newest ? null : revision, ["oauth"] = oauth });
        var kind = McpTesting.Kind(
            consent: new Consenting(),
            environment: name => name == "CLIENT_SECRET" ? context.GetProperty("client_secret").GetString() : null,
            allowed: ["127.0.0.1", "localhost", "[::1]"]);
        return kind.Source(settings);
    }

    /// <summary>What an administrator writes down who trusts what the server says of it.</summary>
    private static async Task<string?> AuthorizationServerAsync(string url)
    {
        using var client = new HttpClient();
        using var metadata = JsonDocument.Parse(await client.GetStringAsync(new Uri(new Uri(url), "/.well-known/oauth-protected-resource" + new Uri(url).AbsolutePath)));
        return metadata.RootElement.GetProperty("authorization_servers")[0].GetString();
    }

    private static async Task PlayAsync(McpSource source, string scenario, JsonElement context)
    {
        if (scenario == "auth/scope-retry-limit")
        {
            await Should.ThrowAsync<Exception>(source.ListAsync());
            return;
        }

        var tools = await source.ListAsync();
        if (scenario == "auth/authorization-server-migration")
        {
            await source.ListAsync();
        }

        foreach (var (name, arguments) in Calls(scenario, context, tools))
        {
            await CallAsync(tools.First(tool => tool.Description.Name == $"peer_{name}"), arguments);
        }

        if (scenario == "http-standard-headers")
        {
            await UseAllAsync(tools);
        }
    }

    private static IEnumerable<(string Tool, string Arguments)> Calls(string scenario, JsonElement context, IReadOnlyList<ITool> tools) => scenario switch
    {
        "tools_call" => [("add_numbers", """{"a":5,"b":10}""")],
        "elicitation-sep1034-client-defaults" => [("test_client_elicitation_defaults", "{}")],
        "sse-retry" => [("test_reconnection", "{}")],
        "auth/scope-step-up" => [("test_tool", """{"foo":"bar"}""")],
        "http-standard-headers" => [("test_headers", "{}")],
        "http-invalid-tool-headers" => [("valid_tool", """{"region":"us-east1"}""")],
        "http-custom-headers" => [.. context.GetProperty("toolCalls").EnumerateArray().Select(call => (call.GetProperty("name").GetString()!, call.GetProperty("arguments").GetRawText()))],
        "sep-2322-client-request-state" => [.. tools.Select(tool => (tool.Description.Name["peer_".Length..], "{}"))],
        _ => [],
    };

    private static async Task UseAllAsync(IReadOnlyList<ITool> tools)
    {
        ITool Find(string name) => tools.First(tool => tool.Description.Name == name);
        foreach (var resource in (await Find("peer_list_resources").CallAsync()).Value().GetProperty("resources").EnumerateArray())
        {
            await Find("peer_read_resource").CallAsync(JsonSerializer.Serialize(new { uri = resource.GetProperty("uri").GetString() }));
        }

        foreach (var prompt in (await Find("peer_list_prompts").CallAsync()).Value().GetProperty("prompts").EnumerateArray())
        {
            await Find("peer_get_prompt").CallAsync(JsonSerializer.Serialize(new { name = prompt.GetProperty("name").GetString() }));
        }
    }

    /// <summary>Calls until there is an answer; forms are accepted as they are, so that their defaults count.</summary>
    private static async Task CallAsync(ITool tool, string arguments)
    {
        var outcome = await tool.CallAsync(arguments);
        while (outcome is ToolInputRequired required)
        {
            outcome = await tool.CallAsync(arguments, required.State, [.. required.Requests.Select(Accept)]);
        }

        outcome.ShouldBeOfType<ToolResult>(outcome.ToString());
    }

    private static InputAnswer Accept(InputRequest request) => request.KindCase == InputRequest.KindOneofCase.Model
        ? new InputAnswer { Id = request.Id, Model = new ModelAnswer { Text = "yes", Model = "scripted", StopReason = "end_turn" } }
        : new InputAnswer { Id = request.Id, Question = new QuestionAnswer { Action = QuestionAnswer.Types.Action.Accept, Content = "{}" } };

    /// <summary>Consents as a browser would in which somebody is logged in.</summary>
    private sealed class Consenting : IMcpConsent
    {
        public async Task<Uri?> AskAsync(string source, Uri page, CancellationToken cancellationToken)
        {
            using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
            using var answer = await client.GetAsync(page, cancellationToken);
            return answer.Headers.Location;
        }
    }
}
