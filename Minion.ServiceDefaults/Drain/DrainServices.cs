using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Minion.ServiceDefaults.Drain;

internal static class DrainServices
{
    /// <summary>Time for the services to stop after the calls had theirs.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(20);

    public static IServiceCollection AddDrain(this IServiceCollection services)
    {
        services.AddSingleton<Draining>();
        services.AddOptions<DrainOptions>().BindConfiguration("Drain").ValidateDataAnnotations().ValidateOnStart();
        services.AddHostedService<SecondSignal>();
        services.AddHostedService<DrainService>();
        services.AddOptions<HostOptions>().Configure<IOptions<DrainOptions>>((host, drain) =>
            host.ShutdownTimeout = TimeSpan.FromSeconds(drain.Value.AnnounceSeconds + drain.Value.GraceSeconds) + StopTime);
        return services;
    }
}
