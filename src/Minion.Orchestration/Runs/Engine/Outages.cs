using Microsoft.Extensions.Logging;
using Npgsql;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>Waits out the outages of the database that a run meets: they are nothing that a run could fail of.</summary>
internal sealed class Outages(TimeProvider time, ILogger<Outages> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>What <paramref name="work"/> gives. It is done again for as long as the database is away, so it may be done any number of times.</summary>
    public async Task<T> WaitOutAsync<T>(HeldRun held, Func<Task<T>> work, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return await work();
            }
            catch (NpgsqlException outage) when (outage is not PostgresException || outage.IsTransient)
            {
                EngineLog.ContextDelayed(logger, held.Run.Id, outage.Message);
                await Task.Delay(Pause, time, ct);
            }
        }
    }
}
