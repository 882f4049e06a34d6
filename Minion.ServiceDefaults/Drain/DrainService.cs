using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Minion.ServiceDefaults.Drain;

/// <summary>Goes before all stopping: not ready, then the calls under way, then the rest of the shutdown.</summary>
internal sealed class DrainService(Draining draining, IOptions<DrainOptions> options, TimeProvider time, ILogger<DrainService> logger)
    : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var grace = TimeSpan.FromSeconds(options.Value.GraceSeconds);
        logger.Draining(draining.Calls, grace);
        draining.Start();
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(options.Value.AnnounceSeconds), time, cancellationToken);
            await draining.WhenEmpty().WaitAsync(grace, time, cancellationToken);
            logger.Drained();
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            logger.DrainCutOff(draining.Calls);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
