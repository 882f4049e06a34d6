using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Minion.Models.Money;

/// <summary>
/// Says that this process lives, and gives back what dead ones hold. After an outage of the database it takes nobody for dead until it
/// has itself been heard for a whole lease, or all would declare each other dead.
/// </summary>
internal sealed class HolderService(
    Holder holder, LedgerStore store, PendingUsage pending, IOptions<MoneyOptions> options, TimeProvider time, ILogger<HolderService> logger) : BackgroundService
{
    private long? _heardSince;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Heartbeat, time);
        do
        {
            try
            {
                await BeatAsync(stoppingToken);
            }
            catch (NpgsqlException error)
            {
                _heardSince = null;
                LogMessages.BudgetsNotReached(logger, error.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        if (!await holder.BeatAsync(cancellationToken))
        {
            LogMessages.HolderWasTakenForDead(logger);
            return;
        }

        _heardSince ??= time.GetTimestamp();
        if (time.GetElapsedTime(_heardSince.Value) >= options.Value.Lease && await store.ReapAsync(options.Value.Lease, cancellationToken) is > 0 and var dead)
        {
            LogMessages.ReservationsReleased(logger, dead);
        }

        // What is held in advance and not asked for goes back.
        pending.Wake();
    }
}
