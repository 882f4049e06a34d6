using Microsoft.Extensions.Hosting;
using Minion.Data.Notifications;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>Runs the worker as long as the host does; the drain begins when the host begins to stop.</summary>
internal sealed class WorkerService(Worker worker, WakeUps wakeUps, DatabaseNotifications notifications, IHostApplicationLifetime lifetime)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        using var subscription = notifications.Subscribe(WakeUps.NotificationChannel, _ => wakeUps.WakeHere());
        try
        {
            await worker.RunAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }
}
