using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Minion.Data.Notifications;
using Npgsql;

namespace Minion.Models.Money;

/// <summary>
/// The one writer of usage and settlements: it writes at most 50 ms after a call has ended, and while a batch is written the next one
/// gathers. At shutdown it writes everything and gives back what the process holds; while the database is away it tries again.
/// </summary>
internal sealed class LedgerWriter(
    LedgerStore store, AccountBook book, Holder holder, PendingUsage pending, BudgetCache budgets, DatabaseNotifications notifications, Alerts alerts,
    TimeProvider time, ILogger<LedgerWriter> logger) : IHostedService, IDisposable
{
    private const int LargestBatch = 1000;
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abandon = new();
    private readonly List<IDisposable> _subscriptions = [];
    private Task _writing = Task.CompletedTask;
    private long _batch;
    private Guid _batchesOf;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscriptions.Add(notifications.Subscribe(BudgetCache.Channel, budgets.Forget));
        _subscriptions.Add(notifications.Subscribe(ChunkRequests.Channel, GiveUpChunk));
        _writing = Task.Run(WriteAllAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var subscription in _subscriptions)
        {
            subscription.Dispose();
        }

        await _stopping.CancelAsync();
        await using var giveUp = cancellationToken.Register(_abandon.Cancel);
        await _writing;
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _abandon.Dispose();
    }

    private void GiveUpChunk(string payload)
    {
        if (ChunkRequests.Read(payload) is { } key)
        {
            book.GiveUpChunk(key);
            pending.Wake();
        }
    }

    private async Task WriteAllAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await pending.WaitAsync(_stopping.Token);
                await Task.Delay(Gathering, time, _stopping.Token);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            await WriteAsync(everything: false);
        }

        while (!_abandon.IsCancellationRequested && await WriteAsync(everything: true))
        {
        }

        try
        {
            await store.ReleaseAsync(holder.Id, _abandon.Token);
        }
        catch (Exception error) when (error is NpgsqlException or OperationCanceledException)
        {
            LogMessages.UsageNotWritten(logger, 0, error.Message);
        }
    }

    /// <summary>Writes what is there; whether that was anything.</summary>
    private async Task<bool> WriteAsync(bool everything)
    {
        var id = holder.Id;
        var usage = pending.Take(LargestBatch);
        var changes = book.Drain(everything);
        if (usage.Count == 0 && changes.Count == 0)
        {
            return false;
        }

        if (usage.Count == LargestBatch)
        {
            pending.Wake();
        }

        await SettleAsync(id, usage, changes);
        book.Told(changes);
        return true;
    }

    /// <summary>The batch keeps its number for as long as it is tried, so that one whose answer was lost is not counted twice.</summary>
    private async Task SettleAsync(Guid id, IReadOnlyList<UsageRecord> usage, IReadOnlyList<AccountChange> changes)
    {
        var number = Next(id);
        for (var delay = Gathering; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            try
            {
                alerts.Raise(await store.SettleAsync(id, number, usage, changes, _abandon.Token));
                return;
            }
            catch (PostgresException error) when (IsAboutData(error) && usage.Count > 1)
            {
                // So that only the record that PostgreSQL refuses is left out.
                await SettleAsync(id, [], changes);
                foreach (var one in usage)
                {
                    await SettleAsync(id, [one], []);
                }

                return;
            }
            catch (PostgresException error) when (IsAboutData(error))
            {
                LogMessages.UsageRefused(logger, usage.Count, changes.Count, error.Message);
                return;
            }
            catch (OperationCanceledException)
            {
                LogMessages.UsageLost(logger, usage.Count);
                return;
            }
            catch (Exception error)
            {
                LogMessages.UsageNotWritten(logger, usage.Count, error.Message);
            }

            try
            {
                await Task.Delay(delay, time, _abandon.Token);
            }
            catch (OperationCanceledException)
            {
                LogMessages.UsageLost(logger, usage.Count);
                return;
            }
        }
    }

    private long Next(Guid id)
    {
        if (_batchesOf != id)
        {
            (_batchesOf, _batch) = (id, 0);
        }

        return ++_batch;
    }

    /// <summary>Classes 22 (data exception) and 23 (integrity constraint violation) of the SQL standard.</summary>
    private static bool IsAboutData(PostgresException error) =>
        error.SqlState.StartsWith("22", StringComparison.Ordinal) || error.SqlState.StartsWith("23", StringComparison.Ordinal);
}
