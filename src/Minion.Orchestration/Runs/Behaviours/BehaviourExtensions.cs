using Microsoft.Extensions.DependencyInjection;

namespace Minion.Orchestration.Runs.Behaviours;

/// <summary>Adds behaviours of one's own to a host that has the orchestration service.</summary>
public static class BehaviourExtensions
{
    /// <summary>Adds a behaviour: agents name it without its version. Keep earlier versions registered while runs that began with them go on.</summary>
    /// <typeparam name="TBehaviour">The behaviour; made once, used by all runs at the same time.</typeparam>
    public static IServiceCollection AddBehaviour<TBehaviour>(this IServiceCollection services)
        where TBehaviour : class, IBehaviour =>
        services.AddSingleton<IBehaviour, TBehaviour>();
}
