using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Minion.Data;
using Minion.Tools.Api;
using Minion.Tools.Audit;
using Minion.Tools.Browser;
using Minion.Tools.BuiltIn;
using Minion.Tools.Context;
using Minion.Tools.Declarations;
using Minion.Tools.Execution;
using Minion.Tools.Idempotency;
using Minion.Tools.Limits;
using Minion.Tools.Network;
using Minion.Tools.Policies;
using Minion.Tools.Registry;
using Minion.Tools.Sandboxes;
using Minion.Tools.Sources;

namespace Minion.Tools;

/// <summary>Registers the tools service.</summary>
public static class ToolsRegistration
{
    /// <summary>
    /// Adds the registry with the built-in tools, the pipeline and the audit. Needs the service defaults and the database. Settings:
    /// section <c>Tools</c> (<c>Tools:Network</c>, <c>Tools:Mcp</c>, <c>Tools:Audit</c>).
    /// </summary>
    /// <param name="builder">The host under construction.</param>
    public static TBuilder AddTools<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        var services = builder.Services;
        services.AddMigrations(ToolsMigrations.Set);
        services.AddToolNetwork(builder.Configuration);
        services.AddBuiltInTools();
        services.AddBrowserTools(builder.Configuration);
        services.AddContextProviders(builder.Configuration);
        services.AddSourceKinds(builder.Configuration);
        services.AddSingleton<SourceSet>();
        services.AddSingleton<SourceListings>();
        services.AddSingleton<IDeclarations, DeclarationStore>();
        services.AddSingleton<DeclarationWriter>();
        services.AddSingleton<VersionStore>();
        services.AddSingleton<VersionService>();
        services.AddSandboxes(builder.Configuration);
        services.AddSingleton<ToolRegistry>();
        services.AddSingleton<TenantToolsBuilder>();
        services.AddSingleton<TenantRegistry>();
        services.AddSingleton<RegistryNotifications>();
        services.AddSingleton<SourceAuthorization>();
        services.AddHostedService(provider => provider.GetRequiredService<RegistryNotifications>());
        services.AddToolLimits(builder.Configuration);
        services.AddIdempotency(builder.Configuration);
        services.AddSingleton<IGivenApprovals, GivenApprovals>();
        services.AddSingleton<Gatekeeper>();
        services.AddSingleton<Results>();
        services.AddSingleton<ToolPipeline>();
        services.AddOptions<AuditOptions>().Bind(builder.Configuration.GetSection(AuditOptions.Section))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<AuditStore>();
        services.AddSingleton<AuditQueries>();
        services.AddHostedService<AuditWriter>();
        services.AddHostedService<AuditPruner>();
        return builder;
    }

    /// <summary>Adds a tool of the host's own; it is made once, by the container.</summary>
    /// <param name="services">The services.</param>
    public static IServiceCollection AddTool<TTool>(this IServiceCollection services)
        where TTool : class, ITool => services.AddSingleton<ITool, TTool>();

    /// <summary>Maps <c>minion.tools.v1.ToolService</c> and <c>RegistryService</c>. Fails when something is wrong with a tool's description.</summary>
    /// <param name="app">The host.</param>
    /// <exception cref="InvalidOperationException">Tools cannot be registered; says why, of all of them.</exception>
    public static IEndpointRouteBuilder MapTools(this IEndpointRouteBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.ServiceProvider.GetRequiredService<ToolRegistry>();
        app.MapGrpcService<ToolGrpcService>();
        app.MapGrpcService<ContextGrpcService>();
        app.MapGrpcService<RegistryGrpcService>();
        return app;
    }
}
