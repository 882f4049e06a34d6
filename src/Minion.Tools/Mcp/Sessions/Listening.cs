using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Minion.Tools.Mcp.Sessions;

/// <summary>
/// Servers of protocol 2026-07-28 tell of changed lists only to who listens: a request that stays open. It is sent again when it has ended.
/// Source: MCP specification 2026-07-28, subscriptions/listen.
/// </summary>
internal static class Listening
{
    private const string FirstWithout = "2026-07-28";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Listens until the connection ends, or the server does not know how.</summary>
    /// <param name="client">The connection.</param>
    /// <param name="heard">Called after a time of not listening, because something may have changed meanwhile.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">The connection has ended.</param>
    public static async Task RunAsync(McpClient client, Action heard, TimeProvider time, CancellationToken cancellationToken)
    {
        if (string.CompareOrdinal(client.NegotiatedProtocolVersion, FirstWithout) < 0 || Wanted(client.ServerCapabilities) is not { } wanted)
        {
            return;
        }

        try
        {
            while (true)
            {
                await ListenAsync(client, wanted, cancellationToken);
                await Task.Delay(Pause, time, cancellationToken);
                heard();
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or McpException)
        {
            // The connection has ended, or the server cannot be listened to.
        }
    }

    private static async Task ListenAsync(McpClient client, JsonObject wanted, CancellationToken cancellationToken)
    {
        try
        {
            await client.SendRequestAsync(
                new JsonRpcRequest { Method = RequestMethods.SubscriptionsListen, Params = new JsonObject { ["notifications"] = wanted.DeepClone() } },
                cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or System.Net.Http.HttpRequestException)
        {
            // Cut off: it is tried again.
        }
    }

    private static JsonObject? Wanted(ServerCapabilities capabilities)
    {
        var wanted = new JsonObject();
        foreach (var (name, told) in new[]
        {
            ("toolsListChanged", capabilities.Tools?.ListChanged),
            ("promptsListChanged", capabilities.Prompts?.ListChanged),
            ("resourcesListChanged", capabilities.Resources?.ListChanged),
        })
        {
            if (told == true)
            {
                wanted[name] = true;
            }
        }

        return wanted.Count > 0 ? wanted : null;
    }
}
