using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Minion.Edge.Mcp.Agents;
using Minion.Edge.Mcp.Resources;
using Minion.Edge.Mcp.Tools;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Minion.Edge.Mcp;

/// <summary>The MCP server: tools and agents to call, sessions and runs to read.</summary>
internal static class McpServices
{
    private const string Instructions =
        "Tools of this Minion server, and its agents behind the tool run_agent: each run of an agent is durable and can be read as a resource, minion://runs/ID.";

    public static IServiceCollection AddMcp(this IServiceCollection services)
    {
        services.AddOptions<McpOptions>().BindConfiguration(McpOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ToolCatalog>();
        services.AddSingleton<ToolCalls>();
        services.AddSingleton<PendingCalls>();
        services.AddSingleton<RunAgentTool>();
        services.AddSingleton<ResourceCatalog>();
        services.AddSingleton<ResourceReader>();
        services.AddSingleton<ResourceCompletion>();
        services.AddSingleton<RunSubscriptions>();
        // Two lines for each request are for whoever looks for a fault.
        services.AddLogging(logging => logging.AddFilter("ModelContextProtocol", LogLevel.Warning));
        services.AddMcpServer(Describe)
            .WithHttpTransport(http => http.SessionMode = HttpServerSessionMode.StatefulForInitializeClients)
            .WithListToolsHandler((request, end) => Get<ToolCatalog>(request).ListAsync(request, end))
            .WithCallToolHandler((request, end) => Get<ToolCalls>(request).CallAsync(request, end))
            .WithListResourcesHandler((request, end) => Get<ResourceCatalog>(request).ListAsync(request, end))
            .WithListResourceTemplatesHandler((_, _) => ValueTask.FromResult(ResourceCatalog.Templates()))
            .WithReadResourceHandler((request, end) => Get<ResourceReader>(request).ReadAsync(request, end))
            .WithSubscribeToResourcesHandler((request, _) => Get<RunSubscriptions>(request).SubscribeAsync(request))
            .WithUnsubscribeFromResourcesHandler((request, _) => Get<RunSubscriptions>(request).Unsubscribe(request))
            .WithCompleteHandler((request, end) => Get<ResourceCompletion>(request).CompleteAsync(request, end))
            // The SDK itself remembers the level, and holds back what is below it.
            .WithSetLoggingLevelHandler((_, _) => ValueTask.FromResult(new EmptyResult()))
            .WithRequestFilters(CacheHints.Add);
        return services;
    }

    private static void Describe(McpServerOptions options)
    {
        options.ServerInfo = new Implementation
        {
            Name = "minion",
            Title = "Minion",
            Version = typeof(McpServices).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0",
        };
        options.ServerInstructions = Instructions;
    }

    private static T Get<T>(MessageContext request)
        where T : notnull => request.Services!.GetRequiredService<T>();
}
