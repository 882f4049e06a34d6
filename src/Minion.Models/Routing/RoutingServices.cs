using Microsoft.Extensions.DependencyInjection;
using Minion.Models.Cache;

namespace Minion.Models.Routing;

internal static class RoutingServices
{
    /// <summary>Adds what chooses the model of a call.</summary>
    public static IServiceCollection AddModelRouting(this IServiceCollection services)
    {
        services.AddSingleton(new Classifier(LearnedDifficulty.Shipped));
        services.AddSingleton<CandidateList>();
        services.AddSingleton<RoutePlanner>();
        services.AddSingleton<IStaleAnswers>(host => host.GetRequiredService<ResponseCache>());
        services.AddSingleton<Router>();
        return services;
    }
}
