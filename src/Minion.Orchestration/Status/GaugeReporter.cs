using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Minion.ServiceDefaults.Telemetry;
using Npgsql;

namespace Minion.Orchestration.Status;

/// <summary>Counts agents and sessions for the gauges now and then.</summary>
internal sealed class GaugeReporter(StatusStore status, MinionTelemetry telemetry, TimeProvider time, ILogger<GaugeReporter> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var (agents, sessions) = await status.TotalsAsync(stoppingToken);
                telemetry.ReportAgents(agents);
                telemetry.ReportActiveSessions(sessions);
                telemetry.ReportInbox(await status.OpenItemsAsync(stoppingToken));
            }
            catch (NpgsqlException outage)
            {
                logger.GaugesNotCounted(outage.Message);
            }

            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
