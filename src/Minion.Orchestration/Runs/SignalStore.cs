using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Minion.Orchestration.Runs.Journal;
using Npgsql;

namespace Minion.Orchestration.Runs;

/// <summary>What a signal does to the status of its run.</summary>
internal enum SignalEffect
{
    /// <summary>Wakes the run when it waits.</summary>
    Wake,

    /// <summary>Makes a failed run ready again.</summary>
    Revive,
}

/// <summary>Sends signals to runs: answers, cancels, retries. A signal that is repeated changes nothing more.</summary>
internal sealed class SignalStore([FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource database, TimeProvider time)
{
    private const string LockRun = "SELECT status FROM orchestration.runs WHERE tenant = $1 AND id = $2 FOR UPDATE";

    private const string Insert =
        """
        INSERT INTO orchestration.signals (tenant, run_id, id, seq, kind, payload, at)
        SELECT $1, $2, $3, signal_seq + 1, $4, $5::jsonb, $6 FROM orchestration.runs WHERE tenant = $1 AND id = $2
        ON CONFLICT (run_id, id) DO NOTHING
        """;

    // The row is always updated: its signal_seq is what refuses a wait that has not folded this signal. The time that the run has waited for a
    // person is not counted.
    private const string Wake =
        """
        UPDATE orchestration.runs SET
          signal_seq = signal_seq + 1,
          status = CASE WHEN status = 'waiting' THEN 'ready' ELSE status END,
          deadline = CASE WHEN status = 'waiting' THEN deadline + ($3 - waiting_since) ELSE deadline END,
          waiting_since = NULL
        WHERE tenant = $1 AND id = $2
        RETURNING status, priority
        """;

    private const string Revive =
        """
        UPDATE orchestration.runs SET
          signal_seq = signal_seq + 1, status = 'ready', error = NULL, ended_at = NULL,
          deadline = $3 + make_interval(secs => (limits ->> 'timeout_seconds')::double precision)
        WHERE tenant = $1 AND id = $2 AND status = 'failed'
        RETURNING status, priority
        """;

    private const string Queue =
        "INSERT INTO orchestration.ready (tenant, priority, run_id) VALUES ($1, $2, $3) ON CONFLICT (tenant, run_id) DO NOTHING";

    /// <summary>
    /// Commits a signal. <paramref name="id"/> names it within the run. Returns false when it had been sent before or when <paramref name="mayReceive"/> does
    /// not hold for the run's status.
    /// </summary>
    public async Task<bool> SendAsync(
        string tenant, Guid run, string id, string kind, string payload, SignalEffect effect, Func<string, bool> mayReceive, CancellationToken ct)
    {
        var now = time.GetStoredNow();
        await using var transaction = await database.BeginTenantAsync(tenant, ct);
        var status = (await transaction.QueryAsync(LockRun, [tenant, run], row => row.GetString(0), ct)).SingleOrDefault();
        if (status is null || !mayReceive(status))
        {
            return false;
        }

        if (await transaction.ExecuteAsync(Insert, [tenant, run, id, kind, payload, now], ct) == 0)
        {
            return false;
        }

        var rows = await transaction.QueryAsync(
            effect == SignalEffect.Revive ? Revive : Wake, [tenant, run, now], row => (Status: row.GetString(0), Priority: row.GetInt32(1)), ct);
        if (rows is [{ Status: "ready" } ready])
        {
            await transaction.ExecuteAsync(Queue, [tenant, ready.Priority, run], ct);
        }

        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>The answer that a question has had; null when it has none.</summary>
    public async Task<SignalReceived?> FindAsync(string tenant, Guid run, string id, CancellationToken ct) =>
        (await database.QueryAsync(
            tenant,
            "SELECT seq, id, kind, payload::text FROM orchestration.signals WHERE tenant = $1 AND run_id = $2 AND id = $3",
            [tenant, run, id],
            row => SignalJson.Read(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3)),
            ct)).SingleOrDefault();
}
