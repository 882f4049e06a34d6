using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Minion.Contracts.Orchestration.V1;
using Minion.Contracts.Tools.V1;
using Minion.Data;
using Minion.Edge.Agents;
using Minion.Edge.Mcp;
using Minion.Edge.OpenAi;
using Minion.Models;

namespace Minion.Edge;

/// <summary>What faces the outside over HTTP.</summary>
public static class EdgeExtensions
{
    private static readonly Uri Orchestration = new("http://_grpc.orchestration");
    private static readonly Uri Tools = new("http://_grpc.tools");

    /// <summary>
    /// Adds the edge to a host that has the service defaults. The orchestration and the tools are found by their names: their gRPC addresses are
    /// in the configuration, <c>services:orchestration:grpc:0</c> and <c>services:tools:grpc:0</c>.
    /// </summary>
    /// <param name="builder">The host.</param>
    public static IHostApplicationBuilder AddEdge(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddModels();
        services.AddOptions<EdgeOptions>().BindConfiguration(EdgeOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddGrpcClient<AgentService.AgentServiceClient>(client => client.Address = Orchestration).AddServiceDiscovery();
        services.AddGrpcClient<ModelService.ModelServiceClient>(client => client.Address = Orchestration).AddServiceDiscovery();
        services.AddGrpcClient<RunService.RunServiceClient>(client => client.Address = Orchestration).AddServiceDiscovery();
        services.AddGrpcClient<SessionService.SessionServiceClient>(client => client.Address = Orchestration).AddServiceDiscovery();
        services.AddGrpcClient<ToolService.ToolServiceClient>(client => client.Address = Tools).AddServiceDiscovery();

        services.AddSingleton<AgentList>();
        services.AddSingleton<AgentRuns>();
        services.AddOpenAi();
        services.AddMcp();
        return builder;
    }

    /// <summary>Adds costs and budgets to what is asked through the edge: for a host that has the database.</summary>
    public static IHostApplicationBuilder AddEdgeSpending(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddModelSpending();
        if (!services.Any(service => ReferenceEquals(service.ImplementationInstance, ModelMigrations.Set)))
        {
            // The tables that a process of its own waits for.
            services.AddMigrations(ModelMigrations.Set);
        }

        return builder;
    }

    /// <summary>Maps the edge's HTTP endpoints.</summary>
    public static IEndpointRouteBuilder MapEdge(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapOpenAi();
        endpoints.MapMcpServer();
        return endpoints;
    }
}
