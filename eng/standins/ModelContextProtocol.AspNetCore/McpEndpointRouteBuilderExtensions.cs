using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.AspNetCore.Http;

namespace Microsoft.AspNetCore.Builder;

/// <summary>The endpoint of an MCP server.</summary>
public static class McpEndpointRouteBuilderExtensions
{
    /// <summary>Maps it.</summary>
    /// <exception cref="InvalidOperationException"><c>WithHttpTransport</c> was not called.</exception>
    public static IEndpointConventionBuilder MapMcp(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var handler = endpoints.ServiceProvider.GetService<McpHandler>()
            ?? throw new InvalidOperationException("MCP over HTTP is not set up: call AddMcpServer().WithHttpTransport() on the services.");
        var mode = endpoints.ServiceProvider.GetRequiredService<IOptions<HttpServerTransportOptions>>().Value.SessionMode;
        var group = endpoints.MapGroup(pattern);
        group.MapPost("", (HttpContext context) => handler.PostAsync(context));
        if (mode is not HttpServerSessionMode.Stateless)
        {
            group.MapGet("", (HttpContext context) => handler.GetAsync(context));
            group.MapDelete("", (HttpContext context) => handler.DeleteAsync(context));
        }

        return group;
    }
}
