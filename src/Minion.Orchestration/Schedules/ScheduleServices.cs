using Microsoft.Extensions.DependencyInjection;

namespace Minion.Orchestration.Schedules;

/// <summary>What schedules are made of.</summary>
internal static class ScheduleServices
{
    public static IServiceCollection AddSchedules(this IServiceCollection services)
    {
        services.AddOptions<ScheduleOptions>().BindConfiguration(ScheduleOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ScheduleClock>();
        services.AddSingleton<FireStarter>();
        services.AddSingleton<FireQueue>();
        services.AddSingleton<ScheduleRunner>();
        services.AddHostedService(provider => provider.GetRequiredService<ScheduleRunner>());
        return services;
    }
}
