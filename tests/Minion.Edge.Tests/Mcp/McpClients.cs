using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Minion.Edge.Tests.Mcp;

/// <summary>Clients of the SDK.</summary>
internal static class McpClients
{
    public const string Legacy = "2025-11-25";
    public const string Modern = "2026-07-28";

    /// <summary>Connects over HTTP.</summary>
    /// <param name="url">The endpoint.</param>
    /// <param name="key">The key; null for none.</param>
    /// <param name="version">The version of the protocol.</param>
    /// <param name="handlers">What the client can be asked for.</param>
    /// <param name="name">What the client calls itself.</param>
    public static Task<McpClient> ConnectAsync(Uri url, string? key = null, string version = Modern, McpClientHandlers? handlers = null, string name = "test")
    {
        var transport = new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = url,
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = key is null ? null : new Dictionary<string, string> { ["authorization"] = $"Bearer {key}" },
        });
        return McpClient.CreateAsync(transport, Options(version, handlers, name), cancellationToken: TestContext.Current.CancellationToken);
    }

    public static McpClientOptions Options(string version, McpClientHandlers? handlers = null, string name = "test") => new()
    {
        ProtocolVersion = version,
        Handlers = handlers ?? new McpClientHandlers(),
        ClientInfo = new Implementation { Name = name, Version = "1.2" },
    };

    public static string Text(CallToolResult result) => string.Concat(result.Content.OfType<TextContentBlock>().Select(block => block.Text));
}
