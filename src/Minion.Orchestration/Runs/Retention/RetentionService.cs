using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Minion.ServiceDefaults.Telemetry;
using Npgsql;

namespace Minion.Orchestration.Runs.Retention;

/// <summary>Removes what is over at intervals for as long as the process lives.</summary>
internal sealed class RetentionService(
    RunRetention runs, TextRetention texts, IOptions<RetentionOptions> options, MinionTelemetry telemetry, TimeProvider time, ILogger<RetentionService> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var removedRuns = await runs.PruneAsync(stoppingToken);
                var removedTexts = await texts.CollectAsync(stoppingToken);
                telemetry.ReportPruned(removedRuns, removedTexts);
                if (removedRuns + removedTexts > 0)
                {
                    log.RunsPruned(removedRuns, removedTexts);
                }
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                log.PruningFailed(e);
            }
        }
    }
}
