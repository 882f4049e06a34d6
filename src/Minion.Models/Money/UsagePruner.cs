using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Minion.Models.Money;

/// <summary>Removes what is older than it need be: hourly, in small batches.</summary>
internal sealed class UsagePruner(LedgerStore store, IOptions<MoneyOptions> options, TimeProvider time, ILogger<UsagePruner> logger) : BackgroundService
{
    private const int RowsAtOnce = 5_000;
    private const int RoundsInAnHour = 2_000;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Removes all that is due; how many rows that were.</summary>
    public async Task<long> PruneAsync(CancellationToken cancellationToken)
    {
        var total = 0L;
        for (var round = 0; round < RoundsInAnHour; round++)
        {
            var removed = await store.PruneAsync(options.Value, RowsAtOnce, cancellationToken);
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
                if (await PruneAsync(stoppingToken) is > 0 and var removed)
                {
                    LogMessages.UsagePruned(logger, removed);
                }
            }
            catch (NpgsqlException error)
            {
                LogMessages.UsageNotPruned(logger, error.Message);
            }
        }
    }
}
