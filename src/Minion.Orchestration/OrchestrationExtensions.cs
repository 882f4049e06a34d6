using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Minion.Data;
using Minion.Data.Migrations;
using Minion.Models;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Coordination;
using Minion.Orchestration.Inbox;
using Minion.Orchestration.Messages;
using Minion.Orchestration.Runs;
using Minion.Orchestration.Runs.Engine;
using Minion.Orchestration.Runs.Engine.Failpoints;
using Minion.Orchestration.Runs.EngineTools;
using Minion.Orchestration.Runs.History;
using Minion.Orchestration.Runs.ToolConnections;
using Minion.Orchestration.Runs.Trees;
using Minion.Orchestration.Runs.Watching;
using Minion.Orchestration.Runs.Watching.Remote;
using Minion.Orchestration.Schedules;
using Minion.Orchestration.Sessions.Workspaces;
using Minion.Orchestration.Status;
using Minion.Orchestration.Streams;
using Minion.ServiceDefaults.Redis;

namespace Minion.Orchestration;

/// <summary>The orchestration service: agents, sessions, runs and the engine that executes them.</summary>
public static class OrchestrationExtensions
{
    /// <summary>The migrations of the schema <c>orchestration</c>.</summary>
    public static MigrationSet Migrations { get; } =
        new("orchestration", typeof(OrchestrationExtensions).Assembly, [DatabaseRoles.Orchestration, DatabaseRoles.Engine]);

    /// <summary>Adds the migrations of every schema that the service uses, for a host that migrates without serving it.</summary>
    public static IServiceCollection AddOrchestrationMigrations(this IServiceCollection services) =>
        services.AddMigrations(Migrations).AddMigrations(ModelMigrations.Set);

    /// <summary>
    /// Adds the service to a host that has the database and the service defaults. The tool service is found by its name: its gRPC address
    /// is in the configuration, <c>services:tools:grpc:0</c>.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="toTools">How it is reached, when not over the network.</param>
    public static IHostApplicationBuilder AddOrchestration(this IHostApplicationBuilder builder, Action<IHttpClientBuilder>? toTools = null)
    {
        var services = builder.Services;
        services.AddMigrations(Migrations);
        builder.AddRedisHints();
        services.AddModels();
        services.AddModelSpending();
        services.AddDefinitions();
        services.AddOptions<EngineOptions>().BindConfiguration(EngineOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<EngineOptions>, FailpointOptions>();

        services.AddSingleton<RunStore>();
        services.AddSingleton<TreeStore>();
        services.AddSingleton<SubmitStore>();
        services.AddSingleton<SubmitQueue>();
        services.AddSingleton<SignalStore>();
        services.AddSingleton<Submitter>();

        services.AddSingleton<InboxStore>();
        services.AddSingleton<InboxExpiry>();
        services.AddSingleton<InboxAnswers>();

        services.AddOptions<ToolConnectionOptions>().BindConfiguration(ToolConnectionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        ToolClients.Add(services, toTools);
        services.AddSingleton<ToolConnection>();
        services.AddSingleton<ToolSetStore>();
        services.AddSingleton<ToolCatalog>();
        services.AddSingleton<ProvidedContext>();
        services.AddSingleton<Outages>();
        services.AddSingleton<ToolStep>();
        services.AddSingleton<HelpStep>();
        services.AddSingleton<CallHelping>();
        services.AddHealthChecks().AddCheck<ToolCircuitHealth>(ToolCircuitHealth.Name, tags: ["ready"]);

        services.AddSingleton<WorkerStore>();
        services.AddSingleton<ClaimStore>();
        services.AddSingleton<LimitedClaims>();
        services.AddSingleton<HistoryStore>();
        services.AddSingleton<RunContexts>();
        services.AddSingleton<SignalReader>();
        services.AddSingleton<PauseStore>();
        services.AddSingleton<Timeouts>();
        services.AddSingleton<ModelStep>();
        services.AddSingleton<Appender>();
        services.AddSingleton<Expiry>();
        services.AddSingleton<RunWriter>();
        services.AddSingleton<ModelCalling>();
        services.AddSingleton<ToolCalling>();
        services.AddSingleton<ChildStarting>();
        services.AddSingleton<Waiting>();
        services.AddSingleton<RunExecutor>();
        services.AddSingleton<RemoteWakeUps>();
        services.AddHostedService(provider => provider.GetRequiredService<RemoteWakeUps>());
        services.AddSingleton<WakeUps>();
        services.AddSingleton<RemoteFeeds>();
        services.AddHostedService(provider => provider.GetRequiredService<RemoteFeeds>());
        services.AddSingleton<HeldRuns>();
        services.AddSingleton<Comparison>();
        services.AddSingleton<Membership>();
        services.AddSingleton<Claiming>();
        services.AddSingleton<Timers>();
        services.AddSingleton<LiveFeeds>();
        services.AddSingleton<RunWatcher>();
        services.AddSingleton<IEffectTool, WorkspaceGetTool>();
        services.AddSingleton<IEffectTool, WorkspaceSetTool>();
        services.AddSingleton<IEffectTool, WorkspaceListTool>();
        services.AddSingleton<RunStream>();
        services.AddSingleton<SessionStream>();
        services.AddSingleton<Worker>();
        services.AddHostedService<WorkerService>();

        services.AddHistory();
        services.AddSchedules();
        services.AddMessages();
        services.AddSingleton<SemaphoreStore>();
        services.AddSingleton<BarrierStore>();
        services.AddSingleton<QueueStore>();

        services.AddSingleton<StatusStore>();
        services.AddSingleton<ActivityStore>();
        services.AddSingleton(provider => new ServerStart(provider.GetRequiredService<TimeProvider>().GetUtcNow()));
        services.AddHostedService<GaugeReporter>();
        return builder;
    }

    /// <summary>Maps the service's gRPC endpoints.</summary>
    public static IEndpointRouteBuilder MapOrchestration(this IEndpointRouteBuilder endpoints)
    {
        endpoints.ServiceProvider.GetRequiredService<ServerStart>();
        endpoints.MapDefinitions();
        endpoints.MapModels();
        endpoints.MapGrpcService<RunService>();
        endpoints.MapGrpcService<StreamService>();
        endpoints.MapGrpcService<InboxService>();
        endpoints.MapHistory();
        endpoints.MapGrpcService<CoordinationService>();
        endpoints.MapGrpcService<MessageService>();
        endpoints.MapGrpcService<ScheduleService>();
        endpoints.MapGrpcService<StatusService>();
        return endpoints;
    }
}
