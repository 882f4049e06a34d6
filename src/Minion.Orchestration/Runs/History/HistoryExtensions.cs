using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Minion.Orchestration.Runs.Retention;

namespace Minion.Orchestration.Runs.History;

/// <summary>Forks, replay, and how long journals are kept.</summary>
internal static class HistoryExtensions
{
    public static IServiceCollection AddHistory(this IServiceCollection services)
    {
        services.AddSingleton<RecordedRuns>();
        services.AddSingleton<RecordedContexts>();
        services.AddSingleton<ForkStore>();
        services.AddSingleton<Forker>();
        services.AddOptions<RetentionOptions>().BindConfiguration(RetentionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RunRetention>();
        services.AddSingleton<TextRetention>();
        services.AddHostedService<RetentionService>();
        return services;
    }

    public static IEndpointRouteBuilder MapHistory(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<HistoryService>();
        return endpoints;
    }
}
