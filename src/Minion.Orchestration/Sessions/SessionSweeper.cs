using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Minion.Orchestration.Sessions;

/// <summary>Sweeps sessions at intervals for as long as the process lives.</summary>
internal sealed class SessionSweeper(SessionSweep sweep, IOptions<SessionSweepOptions> options, TimeProvider time, ILogger<SessionSweeper> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.SweepSeconds), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var (expired, deleted) = await sweep.SweepAsync(stoppingToken);
                if (expired + deleted > 0)
                {
                    log.SessionsSwept(expired, deleted);
                }
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                log.SessionSweepFailed(e);
            }
        }
    }
}
