using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Minion.Tools.Mcp;
using Minion.Tools.Mcp.Settings;
using Minion.Tools.Sources;
using Minion.Tools.Sources.Cleaning;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Tool = ModelContextProtocol.Protocol.Tool;

namespace Minion.Tools.Tests.Mcp;

/// <summary>A server of the official SDK in this process; each connection has one of its own.</summary>
internal sealed class PipeServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Task> _running = new();

    public List<Tool> Tools { get; } = [];

    /// <summary>Answers calls of tools.</summary>
    public Func<RequestContext<CallToolRequestParams>, CancellationToken, ValueTask<CallToolResult>> OnCall { get; set; } = (_, _) => new(Text("done"));

    /// <summary>Fails connections while it is set.</summary>
    public Exception? Unreachable { get; set; }

    public int Connections;

    public static CallToolResult Text(string text) => new() { Content = [new TextContentBlock { Text = text }] };

    public static Tool Tool(string name, string? schema = null, bool readOnly = false, bool idempotent = false) => new()
    {
        Name = name,
        Description = $"The tool {name}.",
        InputSchema = JsonElement.Parse(schema ?? """{"type":"object"}"""),
        Annotations = new ToolAnnotations { ReadOnlyHint = readOnly, IdempotentHint = idempotent },
    };

    public McpSource Source(string protocol = "2025-11-25", McpOptions? options = null, TimeProvider? time = null, bool trusted = false) => new(
        "peer", new McpSettings { Command = "none", Protocol = protocol, TrustAnnotations = trusted }, options ?? new McpOptions(), ConnectAsync, time ?? TimeProvider.System, NullLogger.Instance,
        new SentSecrets(JsonElement.Parse("{}"), new SecretReferences(_ => null).For("default")));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running).ContinueWith(_ => { }, TaskScheduler.Default);
        _stop.Dispose();
    }

    private async Task<ITransport> ConnectAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref Connections);
        if (Unreachable is { } problem)
        {
            throw problem;
        }

        var (up, down) = (new Pipe(), new Pipe());
        var server = McpServer.Create(
            new StreamServerTransport(up.Reader.AsStream(), down.Writer.AsStream()),
            new McpServerOptions
            {
                ServerInfo = new Implementation { Name = "peer", Version = "1.0" },
                Capabilities = new ServerCapabilities { Tools = new ToolsCapability { ListChanged = true } },
                Handlers = new McpServerHandlers
                {
                    ListToolsHandler = (_, _) => new(new ListToolsResult { Tools = [.. Tools] }),
                    CallToolHandler = (context, token) => OnCall(context, token),
                },
            });
        _running.Enqueue(server.RunAsync(_stop.Token));
        return await new StreamClientTransport(up.Writer.AsStream(), down.Reader.AsStream()).ConnectAsync(cancellationToken);
    }
}
