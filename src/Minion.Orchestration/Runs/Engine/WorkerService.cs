using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Minion.Orchestration.Runs.Engine.Failpoints;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>Runs the worker as long as the host does; the drain begins when the host begins to stop.</summary>
internal sealed class WorkerService(
    Worker worker, WakeUps wakeUps, RemoteWakeUps others, IOptions<EngineOptions> options, IHostApplicationLifetime lifetime, ILogger<WorkerService> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.FailpointFile is { Length: > 0 } file)
        {
            EngineLog.FailpointsOn(logger, file);
            Failpoint.TurnOn(new FailpointTrigger(file));
        }

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
