using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Minion.Bench.Mcp;

/// <summary>An MCP server with one tool that gives its text back, over standard input and output or over HTTP.</summary>
internal static class McpHost
{
    /// <summary>The argument that makes this program a server over its standard input and output.</summary>
    public const string Stdio = "--mcp-stdio";

    /// <summary>The argument that makes this program a server over HTTP.</summary>
    public const string Http = "--mcp-http";

    private static readonly Tool Echo = new()
    {
        Name = "echo",
        InputSchema = JsonElement.Parse("""{"type":"object","properties":{"text":{"type":"string"}}}"""),
        Annotations = new ToolAnnotations { ReadOnlyHint = true },
    };

    public static async Task RunStdioAsync()
    {
        var options = new McpServerOptions
        {
            ServerInfo = new Implementation { Name = "echo", Version = "1.0" },
            Handlers = new McpServerHandlers { ListToolsHandler = ListAsync, CallToolHandler = CallAsync },
        };
        await using var server = McpServer.Create(new StdioServerTransport("echo"), options);
        await server.RunAsync();
    }

    /// <summary>Says where it listens, and ends with whoever started it.</summary>
    public static async Task RunHttpAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddMcpServer().WithHttpTransport().WithListToolsHandler(ListAsync).WithCallToolHandler(CallAsync);
        await using var app = builder.Build();
        app.MapMcp("/mcp");
        await app.StartAsync();
        Console.WriteLine(app.Urls.First() + "/mcp");
        await Console.In.ReadToEndAsync();
    }

    private static ValueTask<ListToolsResult> ListAsync(RequestContext<ListToolsRequestParams> context, CancellationToken ct) =>
        new(new ListToolsResult { Tools = [Echo] });

    private static ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> context, CancellationToken ct) =>
        new(new CallToolResult { Content = [new TextContentBlock { Text = context.Params!.Arguments!["text"].GetString()! }] });
}
