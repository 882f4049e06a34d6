using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Minion.Data;
using Npgsql;

namespace Minion.Models.Cache;

/// <summary>Removes what is over from the database, every ten minutes and a bounded number at a time. Without a database it does nothing.</summary>
internal sealed class CachePruner(IServiceProvider host, IOptions<CacheOptions> options, TimeProvider time, ILogger<ModelGateway> logger) : BackgroundService
{
    private const int RowsAtOnce = 1_000;
    private const int MostRounds = 1_000;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (host.GetKeyedService<NpgsqlDataSource>(DatabaseRoles.Models) is not { } database)
        {
            return;
        }

        var store = new PostgresStore(database, options.Value, time);
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                for (var round = 0; round < MostRounds && await store.PruneAsync(RowsAtOnce, stoppingToken) >= RowsAtOnce; round++)
                {
                    // The next thousand.
                }
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogMessages.CacheNotPruned(logger, Interval.TotalMinutes, error.Message);
            }
        }
    }
}
