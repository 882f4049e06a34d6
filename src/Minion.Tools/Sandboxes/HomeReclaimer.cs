using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Minion.Tools.Sandboxes.Homes;

namespace Minion.Tools.Sandboxes;

/// <summary>Says at the start whether there are sandboxes, and removes files of sessions that have been idle.</summary>
internal sealed class HomeReclaimer(Sandbox sandbox, SandboxAvailability availability, HomeStore homes, TimeProvider time, ILogger<HomeReclaimer> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await TryAsync(stoppingToken);
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (homes.Reclaim() is var removed and > 0)
                {
                    log.SandboxHomesReclaimed(removed);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                log.SandboxHomesNotReclaimed(exception, Interval);
            }
        }
    }

    private async Task TryAsync(CancellationToken stoppingToken)
    {
        try
        {
            await sandbox.RunAsync(new SandboxCommand(["true"]), home: null, stoppingToken);
            log.SandboxReady(availability.Bubblewrap());
        }
        catch (SandboxUnavailableException exception)
        {
            log.SandboxUnavailable(exception.Message, exception.Hint);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            log.SandboxUnavailable(exception.Message, "The folder of the sandboxes (Tools:Sandbox:Folder) must be this process's own.");
        }
    }
}
