using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Minion.AppHost.Options;

namespace Minion.AppHost.Servers;

/// <summary>Stops everything, with exit code 1, when one resource fails.</summary>
internal sealed class FailureStop(ResourceNotificationService notifications, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var next in notifications.WatchAsync(stoppingToken))
        {
            if (next.Snapshot.State?.Text == KnownResourceStates.FailedToStart || next.Snapshot.ExitCode is not (null or 0))
            {
                Environment.ExitCode = 1;
                lifetime.StopApplication();
                return;
            }
        }
    }
}

/// <summary>Registers it.</summary>
internal static class FailureStopRegistration
{
    public static void StopsOnFailure(this IDistributedApplicationBuilder builder, Switches switches)
    {
        if (switches.StopOnFailure)
        {
            builder.Services.AddHostedService<FailureStop>();
        }
    }
}
