using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.AspNetCore.Http;
using ModelContextProtocol.AspNetCore.Sessions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Serves MCP over HTTP.</summary>
public static class HttpMcpServerBuilderExtensions
{
    /// <summary>Adds what <c>MapMcp</c> needs.</summary>
    public static IMcpServerBuilder WithHttpTransport(this IMcpServerBuilder builder, Action<HttpServerTransportOptions>? configureOptions = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptions<HttpServerTransportOptions>();
        if (configureOptions is not null)
        {
            services.Configure(configureOptions);
        }

        services.TryAddSingleton<ServerFactory>();
        services.TryAddSingleton<SessionTable>();
        services.TryAddSingleton<McpHandler>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SessionSweeper>());
        return builder;
    }
}
