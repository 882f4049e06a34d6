using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Minion.Contracts.Faults;
using Minion.ServiceDefaults.Callers;

namespace Minion.Edge.Mcp;

/// <summary>Where the MCP server is, and what stands before it.</summary>
internal static class McpEndpoint
{
    public const string Path = "/mcp";

    public static void MapMcpServer(this IEndpointRouteBuilder endpoints)
    {
        var origins = endpoints.ServiceProvider.GetRequiredService<IOptions<McpOptions>>().Value.Origins;
        var limit = endpoints.ServiceProvider.GetRequiredService<IOptions<EdgeOptions>>().Value.MaxRequestBytes;
        var mcp = endpoints.MapMcp(Path);
        mcp.Add(endpoint =>
        {
            endpoint.Metadata.Add(new SizeLimit(limit));
            var next = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context =>
            {
                RequireKnownOrigin(context.Request, origins);
                context.User = new McpCaller(context.GetCaller());
                return next(context);
            };
        });
    }

    /// <summary>A web page that some browser shows must not call, also where it has a key (section Security of the transport's specification).</summary>
    private static void RequireKnownOrigin(HttpRequest request, IList<string> origins)
    {
        if (request.Headers.Origin is not [{ Length: > 0 } origin, ..] || origins.Contains(origin))
        {
            return;
        }

        var isLocal = Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.IsLoopback && IsLocal(request.HttpContext.Connection.RemoteIpAddress);
        if (!isLocal)
        {
            throw new Fault(
                Grpc.Core.StatusCode.PermissionDenied, "ORIGIN_REFUSED", "Pages of this origin may not call this server.", "Add it to Edge:Mcp:Origins if they are to.");
        }
    }

    private static bool IsLocal(IPAddress? address) => address is null || IPAddress.IsLoopback(address);

    private sealed record SizeLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
