using Microsoft.Extensions.Logging;
using Npgsql;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>Waits out the outages of the database: they are nothing that a run could fail of, nor a reason to leave those who watch it.</summary>
internal sealed class Outages(TimeProvider time, ILogger<Outages> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>What <paramref name="work"/> gives. It is done again for as long as the database is away, so it may be done any number of times.</summary>
    public Task<T> WaitOutAsync<T>(HeldRun held, Func<Task<T>> work, CancellationToken ct) => WaitOutAsync(held.Run.Id, work, Timeout.InfiniteTimeSpan, ct);

    /// <summary>The same for somebody who waits for the run no longer than <paramref name="patience"/>.</summary>
    /// <exception cref="NpgsqlException">The database was away for longer than that.</exception>
    public async Task<T> WaitOutAsync<T>(Guid run, Func<Task<T>> work, TimeSpan patience, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await work();
            }
            catch (NpgsqlException outage) when (
                (outage is not PostgresException || outage.IsTransient)
                && (patience == Timeout.InfiniteTimeSpan || time.GetElapsedTime(started) < patience))
            {
                EngineLog.DatabaseAwaited(logger, run, outage.Message);
                await Task.Delay(Pause, time, ct);
            }
        }
    }
}
