using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Minion.Tools.Idempotency;

/// <summary>Forgets keys whose time is over, hourly and a bounded number at a time.</summary>
internal sealed class KeyedCallPruner(KeyedCallStore calls, TimeProvider time, ILogger<KeyedCallPruner> log) : BackgroundService
{
    private const int RowsAtOnce = 1_000;
    private const int MostRounds = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                for (var round = 0; round < MostRounds && await calls.PruneAsync(RowsAtOnce, stoppingToken) == RowsAtOnce; round++)
                {
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                log.KeyedCallsNotPruned(exception, Interval);
            }
        }
    }
}
