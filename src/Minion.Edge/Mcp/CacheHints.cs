using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Minion.Edge.Mcp;

/// <summary>What clients may keep of the answers: lists for a little while, and nothing for others, because what a caller sees depends on who it is.</summary>
internal static class CacheHints
{
    private static readonly TimeSpan OfLists = TimeSpan.FromSeconds(30);

    public static void Add(IMcpRequestFilterBuilder filters) => filters
        .AddListToolsFilter(Hint<ListToolsRequestParams, ListToolsResult>(OfLists))
        .AddListPromptsFilter(Hint<ListPromptsRequestParams, ListPromptsResult>(OfLists))
        .AddListResourcesFilter(Hint<ListResourcesRequestParams, ListResourcesResult>(OfLists))
        .AddListResourceTemplatesFilter(Hint<ListResourceTemplatesRequestParams, ListResourceTemplatesResult>(OfLists))
        .AddReadResourceFilter(Hint<ReadResourceRequestParams, ReadResourceResult>(TimeSpan.Zero));

    private static McpRequestFilter<TParams, TResult> Hint<TParams, TResult>(TimeSpan life)
        where TResult : ICacheableResult => next => async (request, cancellationToken) =>
    {
        var result = await next(request, cancellationToken);
        result.TimeToLive ??= life;
        result.CacheScope ??= CacheScope.Private;
        return result;
    };
}
