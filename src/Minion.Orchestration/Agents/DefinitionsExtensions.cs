using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Minion.Orchestration.Agents.Versions;
using Minion.Orchestration.Clusters;
using Minion.Orchestration.Clusters.Export;
using Minion.Orchestration.Clusters.Folder;
using Minion.Orchestration.Clusters.Tools;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.EngineTools;
using Minion.Orchestration.Schedules;
using Minion.Orchestration.Sessions;
using Minion.Orchestration.Sessions.Workspaces;

namespace Minion.Orchestration.Agents;

/// <summary>What there is to run, and to talk in: agents, models, sessions, cluster files.</summary>
internal static class DefinitionsExtensions
{
    public static IServiceCollection AddDefinitions(this IServiceCollection services)
    {
        services.AddSingleton<BehaviourRegistry>();
        services.AddSingleton<AgentVersionCache>();
        services.AddSingleton<AgentStore>();
        services.AddSingleton<AgentWriter>();
        services.AddSingleton<AgentVersioning>();
        services.AddSingleton<AgentChangeStore>();
        services.AddSingleton<ModelStore>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<SummaryStore>();
        services.AddSingleton<PinStore>();
        services.AddSingleton<WorkspaceStore>();
        services.AddSingleton<SessionRemoval>();
        services.AddSingleton<SessionSweep>();
        services.AddOptions<SessionSweepOptions>().BindConfiguration(SessionSweepOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddHostedService<SessionSweeper>();
        services.AddSingleton<EngineToolSet>();
        services.AddSingleton<ToolNames>();
        services.AddSingleton<AgentCheck>();
        services.AddSingleton<ScheduleStore>();
        services.AddSingleton<ClusterTools>();
        services.AddSingleton<ClusterApplier>();
        services.AddSingleton<ClusterExporter>();
        services.AddOptions<ClusterFolderOptions>().BindConfiguration(ClusterFolderOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ClusterFolder>();
        services.AddHostedService(provider => provider.GetRequiredService<ClusterFolder>());
        return services;
    }

    public static IEndpointRouteBuilder MapDefinitions(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<AgentService>();
        endpoints.MapGrpcService<ModelService>();
        endpoints.MapGrpcService<SessionService>();
        endpoints.MapGrpcService<WorkspaceService>();
        endpoints.MapGrpcService<ClusterService>();
        return endpoints;
    }
}
