using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Minion.Orchestration.Messages;

/// <summary>Sweeps messages at intervals for as long as the process lives.</summary>
internal sealed class MessageSweeper(MessageSweep sweep, IOptions<MessageOptions> options, TimeProvider time, ILogger<MessageSweeper> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Sweep, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await sweep.SweepAsync(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                log.MessagesDelayed(e.Message);
            }
        }
    }
}
