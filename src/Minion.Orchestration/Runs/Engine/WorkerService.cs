using Microsoft.Extensions.Hosting;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>Runs the worker as long as the host does; the drain begins when the host begins to stop.</summary>
internal sealed class WorkerService(Worker worker, WakeUps wakeUps, RemoteWakeUps others, IHostApplicationLifetime lifetime)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        using var subscription = others.Subscribe(wakeUps.WakeHere);
        try
        {
            await worker.RunAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }
}
