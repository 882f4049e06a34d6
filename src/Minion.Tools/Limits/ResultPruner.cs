using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Minion.Tools.Limits;

/// <summary>Removes kept results whose time is over, hourly and a bounded number at a time.</summary>
internal sealed class ResultPruner(KeptResults results, TimeProvider time, ILogger<ResultPruner> log) : BackgroundService
{
    private const int RowsAtOnce = 200;
    private const int MostRounds = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                for (var round = 0; round < MostRounds && await results.PruneAsync(RowsAtOnce, stoppingToken) == RowsAtOnce; round++)
                {
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                log.ResultsNotPruned(exception, Interval);
            }
        }
    }
}
