using Microsoft.Extensions.Hosting;

namespace Minion.Tools.Limits;

/// <summary>Removes rows whose time is over, hourly and a bounded number at a time; what is left waits for the next hour.</summary>
/// <param name="rowsAtOnce">The most that one statement removes.</param>
/// <param name="time">When an hour is over.</param>
internal abstract class HourlyPruner(int rowsAtOnce, TimeProvider time) : BackgroundService
{
    /// <summary>How long until the next time.</summary>
    protected static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private const int MostRounds = 500;

    /// <summary>Removes at most <paramref name="rows"/> rows; returns how many there were.</summary>
    protected abstract Task<long> PruneAsync(int rows, CancellationToken cancellationToken);

    /// <summary>Says that it did not work this time.</summary>
    protected abstract void NotPruned(Exception exception);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                for (var round = 0; round < MostRounds && await PruneAsync(rowsAtOnce, stoppingToken) == rowsAtOnce; round++)
                {
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                NotPruned(exception);
            }
        }
    }
}
