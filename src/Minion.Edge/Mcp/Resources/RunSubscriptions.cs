using System.Collections.Concurrent;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Minion.Contracts.Callers;
using Minion.Edge.Agents;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Minion.Edge.Mcp.Resources;

/// <summary>
/// Tells sessions when a run that they subscribed to goes on, until it ends, or for a day. Other resources are never said to have changed.
/// </summary>
internal sealed class RunSubscriptions(AgentRuns runs, IOptions<McpOptions> options, TimeProvider time, ILogger<RunSubscriptions> logger) : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<(string Session, string Uri), CancellationTokenSource> _watched = new();

    public ValueTask<EmptyResult> SubscribeAsync(RequestContext<SubscribeRequestParams> request)
    {
        var uri = request.Params?.Uri ?? "";
        var session = request.Server.SessionId ?? "";
        if (ResourceUris.IdAfter(ResourceUris.RunPrefix, uri) is { } run && !_watched.ContainsKey((session, uri)))
        {
            if (_watched.Keys.Count(key => key.Session == session) >= options.Value.MaxSubscriptions)
            {
                throw new McpProtocolException($"A session can subscribe to {options.Value.MaxSubscriptions} runs; unsubscribe from one first.", McpErrorCode.InvalidParams);
            }

            var end = new CancellationTokenSource(Longest, time);
            if (_watched.TryAdd((session, uri), end))
            {
                _ = WatchAsync(request.Server, McpCaller.Of(request), run, (session, uri), end);
            }
            else
            {
                end.Dispose();
            }
        }

        return ValueTask.FromResult(new EmptyResult());
    }

    public ValueTask<EmptyResult> Unsubscribe(RequestContext<UnsubscribeRequestParams> request)
    {
        if (_watched.TryRemove((request.Server.SessionId ?? "", request.Params?.Uri ?? ""), out var end))
        {
            end.Cancel();
        }

        return ValueTask.FromResult(new EmptyResult());
    }

    public void Dispose()
    {
        foreach (var end in _watched.Values)
        {
            end.Cancel();
        }
    }

    private async Task WatchAsync(McpServer server, Caller caller, string run, (string Session, string Uri) key, CancellationTokenSource end)
    {
        try
        {
            await foreach (var part in runs.WatchAsync(caller, run, entriesOnly: true, end.Token))
            {
                if (part?.Entry is { } entry)
                {
                    await server.SendNotificationAsync(
                        NotificationMethods.ResourceUpdatedNotification, new ResourceUpdatedNotificationParams { Uri = key.Uri }, cancellationToken: end.Token);
                    if (entry.KindCase is Contracts.Orchestration.V1.Entry.KindOneofCase.Completed or Contracts.Orchestration.V1.Entry.KindOneofCase.Cancelled)
                    {
                        break;
                    }
                }
            }
        }
        catch (Exception over) when (over is OperationCanceledException or RpcException or InvalidOperationException)
        {
            logger.NotWatched(run, over.Message);
        }
        finally
        {
            _watched.TryRemove(KeyValuePair.Create(key, end));
            end.Dispose();
        }
    }
}
