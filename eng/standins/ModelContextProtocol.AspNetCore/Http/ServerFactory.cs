using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace ModelContextProtocol.AspNetCore.Http;

/// <summary>Makes servers from the options of the application.</summary>
internal sealed class ServerFactory(
    IOptions<HttpServerTransportOptions> transportOptions,
    IOptions<McpServerOptions> shared,
    IOptionsFactory<McpServerOptions> factory,
    ILoggerFactory loggers,
    IServiceProvider services)
{
    /// <summary>A server for one request; its services are those of the request.</summary>
    public async Task<McpServer> ForRequestAsync(HttpContext context, ITransport transport)
    {
        var options = factory.Create(Options.DefaultName);
        options.ScopeRequests = false;
        await ConfigureAsync(context, options);
        return McpServer.Create(transport, options, loggers, context.RequestServices);
    }

    /// <summary>A server for a session, which outlives the request that begins it.</summary>
    public async Task<McpServer> ForSessionAsync(HttpContext context, ITransport transport)
    {
        var options = shared.Value;
        if (transportOptions.Value.ConfigureSessionOptions is not null)
        {
            options = factory.Create(Options.DefaultName);
            await ConfigureAsync(context, options);
        }

        return McpServer.Create(transport, options, loggers, services);
    }

    private Task ConfigureAsync(HttpContext context, McpServerOptions options) =>
        transportOptions.Value.ConfigureSessionOptions?.Invoke(context, options, context.RequestAborted) ?? Task.CompletedTask;
}
