using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Minion.Tools.Audit;

/// <summary>
/// The one writer of the audit: while a batch is written the next one gathers. At shutdown it goes on until nothing is
/// outstanding; while the database is away it tries again, and calls wait for places.
/// </summary>
internal sealed class AuditWriter(AuditLog log, AuditStore store, TimeProvider time, ILogger<AuditWriter> logger) : IHostedService, IDisposable
{
    private const int LargestBatch = 500;
    private static readonly TimeSpan ShortestDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _abandon = new();
    private Task _writing = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _writing = Task.Run(WriteAllAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>Returns when every record has been written, or says how many have not when the host's time for stopping is over.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        log.Finish();
        try
        {
            await _writing.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await _abandon.CancelAsync();
            await _writing;
        }

        if (log.Outstanding > 0)
        {
            logger.AuditLost(log.Outstanding);
        }
    }

    public void Dispose() => _abandon.Dispose();

    private async Task WriteAllAsync()
    {
        var batch = new List<AuditRecord>(LargestBatch);
        while (await log.Records.WaitToReadAsync(CancellationToken.None))
        {
            batch.Clear();
            while (batch.Count < LargestBatch && log.Records.TryRead(out var record))
            {
                batch.Add(record);
            }

            if (!await WriteAsync(batch))
            {
                return;
            }

            log.Written(batch.Count);
        }
    }

    /// <summary>Writes the batch however long it takes; false when there is no more time.</summary>
    private async Task<bool> WriteAsync(List<AuditRecord> batch)
    {
        for (var delay = ShortestDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            try
            {
                await store.WriteAsync(batch, _abandon.Token);
                return true;
            }
            catch (OperationCanceledException)
            {
                return false;
            }
            catch (PostgresException exception) when (IsAboutData(exception))
            {
                await WriteOneByOneAsync(batch);
                return true;
            }
            catch (Exception exception)
            {
                logger.AuditIsBehind(exception, batch.Count, delay);
            }

            try
            {
                await Task.Delay(delay, time, _abandon.Token);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
    }

    /// <summary>So that only the record that PostgreSQL refuses is left out.</summary>
    private async Task WriteOneByOneAsync(List<AuditRecord> batch)
    {
        foreach (var record in batch)
        {
            try
            {
                await store.WriteAsync([record], _abandon.Token);
            }
            catch (Exception exception)
            {
                logger.AuditRecordRefused(exception, record.Id, record.Tool);
            }
        }
    }

    /// <summary>Classes 22 (data exception) and 23 (integrity constraint violation) of the SQL standard.</summary>
    private static bool IsAboutData(PostgresException exception) =>
        exception.SqlState.StartsWith("22", StringComparison.Ordinal) || exception.SqlState.StartsWith("23", StringComparison.Ordinal);
}
