using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Minion.Tools.Audit;

/// <summary>Removes old records, hourly and a bounded number at a time; what is left waits for the next hour.</summary>
internal sealed class AuditPruner(AuditStore store, IOptions<AuditOptions> options, TimeProvider time, ILogger<AuditPruner> log) : BackgroundService
{
    private const int RowsAtOnce = 5_000;
    private const int RoundsInAnHour = 2_000;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Removes what is older than the retention; how many records that were.</summary>
    public async Task<long> PruneAsync(CancellationToken cancellationToken)
    {
        var total = 0L;
        for (var round = 0; round < RoundsInAnHour; round++)
        {
            var removed = await store.PruneAsync(options.Value.Retention, RowsAtOnce, cancellationToken);
            total += removed;
            if (removed < RowsAtOnce)
            {
                break;
            }
        }

        return total;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var removed = await PruneAsync(stoppingToken);
                if (removed > 0)
                {
                    log.AuditPruned(removed, options.Value.Retention);
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                log.AuditNotPruned(exception, Interval);
            }
        }
    }
}
