using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Minion.Orchestration.Schedules;

/// <summary>Looks for schedules whose time has come, for as long as the process lives. Any number of processes may.</summary>
internal sealed class ScheduleRunner(
    ScheduleClock clock, FireQueue queue, IOptions<ScheduleOptions> options, TimeProvider time, ILogger<ScheduleRunner> log) : BackgroundService
{
    private static readonly TimeSpan PruneInterval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Poll, time);
        var pruned = time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await LookAsync(stoppingToken);
                    if (time.GetElapsedTime(pruned) > PruneInterval)
                    {
                        pruned = time.GetTimestamp();
                        await clock.PruneAsync(stoppingToken);
                    }
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    if (e is NpgsqlException or TimeoutException)
                    {
                        log.SchedulesDelayed(e.Message);
                    }
                    else
                    {
                        log.SchedulesBroke(e);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    /// <summary>Notes what is due, and starts it.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        while (await clock.NoteAsync(cancellation) > 0)
        {
            // As many as there are, a batch after the other.
        }

        while (await queue.StartOneAsync(cancellation))
        {
            // One after the other, each in a transaction of its own.
        }
    }
}
