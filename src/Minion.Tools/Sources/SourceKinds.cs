using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Minion.Tools.Mcp;
using Minion.Tools.Sources.Grpc;
using Minion.Tools.Sources.Http;
using Minion.Tools.Sources.OpenApi;
using Minion.Tools.Sources.Sql;
using Minion.Tools.Sources.WebSocket;

namespace Minion.Tools.Sources;

/// <summary>The kinds of sources that there are.</summary>
public static class SourceKinds
{
    /// <summary>Adds a kind of source; it is made once, by the container.</summary>
    /// <param name="services">The services.</param>
    public static IServiceCollection AddSourceKind<TKind>(this IServiceCollection services)
        where TKind : class, IToolSourceKind => services.AddSingleton<IToolSourceKind, TKind>();

    /// <summary>The kinds that every installation has, one line each.</summary>
    internal static IServiceCollection AddSourceKinds(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddSingleton(new SecretReferences(Environment.GetEnvironmentVariable));
        services.AddOptions<SourceFileOptions>().Bind(configuration.GetSection(SourceFileOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<SourceFiles>();

        services.AddSourceKind<HttpSourceKind>();
        services.AddSourceKind<OpenApiSourceKind>();
        services.AddSourceKind<WebSocketSourceKind>();
        services.AddSourceKind<GrpcSourceKind>();
        services.AddSqlSources(configuration);
        services.AddMcpClient(configuration);
        services.AddSourceKind<McpSourceKind>();
        return services;
    }
}
