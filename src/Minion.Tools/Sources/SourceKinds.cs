using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
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
        services.AddOptions<SecretOptions>().Configure(options => options.Read(configuration.GetSection(SecretOptions.Section))).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SecretOptions>, SecretOptionsCheck>();
        services.AddSingleton(provider => new SecretReferences(Environment.GetEnvironmentVariable, provider.GetRequiredService<IOptions<SecretOptions>>().Value));
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

    private sealed class SecretOptionsCheck : IValidateOptions<SecretOptions>
    {
        public ValidateOptionsResult Validate(string? name, SecretOptions options) =>
            options.Problems().ToList() is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }
}
