using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Minion.Orchestration.Runs.Engine.Failpoints;
using Minion.Orchestration.Runs.Journal;
using Npgsql;

namespace Minion.Orchestration.Runs;

/// <summary>Sends signals to runs: cancels and retries; answers come through the inbox. A signal that is repeated changes nothing more.</summary>
internal sealed class SignalStore([FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource database, TimeProvider time)
{
    // One statement, so that the run's row is locked for no longer than the server takes. The row is always updated: its signal_seq is what
    // refuses a wait that has not folded this signal. The time that the run has waited for a person is not counted.
    private const string Send =
        """
        WITH run AS MATERIALIZED (
          SELECT signal_seq FROM orchestration.runs WHERE tenant = $1 AND id = $2 AND status = ANY ($7) FOR UPDATE
        ), sent AS (
          INSERT INTO orchestration.signals (tenant, run_id, id, seq, kind, payload, at)
          SELECT $1, $2, $3, signal_seq + 1, $4, $5::jsonb, $6 FROM run
          ON CONFLICT (run_id, id) DO NOTHING
          RETURNING 1
        ), woken AS (
          UPDATE orchestration.runs SET
            signal_seq = signal_seq + 1,
            status = CASE WHEN status IN ('waiting', 'failed') THEN 'ready' ELSE status END,
            deadline = CASE status
              WHEN 'waiting' THEN deadline + ($6 - waiting_since)
              WHEN 'failed' THEN $6 + make_interval(secs => (limits ->> 'timeout_seconds')::double precision)
              ELSE deadline END,
            waiting_since = NULL,
            error = NULL,
            ended_at = NULL
          WHERE tenant = $1 AND id = $2 AND EXISTS (SELECT FROM sent)
          RETURNING tenant, priority, id, status
        ), queued AS (
          INSERT INTO orchestration.ready (tenant, priority, run_id) SELECT tenant, priority, id FROM woken WHERE status = 'ready'
          ON CONFLICT (tenant, run_id) DO NOTHING
        )
        SELECT count(*) FROM woken
        """;

    /// <summary>
    /// Commits a signal, and makes a run ready that waits or has failed. <paramref name="id"/> names the signal within the run. Returns false when it had been
    /// sent before, or when the run is in none of the statuses in which it <paramref name="mayReceive"/> it.
    /// </summary>
    public async Task<bool> SendAsync(
        string tenant, Guid run, string id, string kind, string payload, string[] mayReceive, CancellationToken ct)
    {
        Failpoint.Hit(FailpointList.SignalBefore);
        var woken = await database.QueryAsync(
            tenant, Send, [tenant, run, id, kind, payload, time.GetStoredNow(), mayReceive], row => row.GetInt64(0), ct);
        Failpoint.Hit(FailpointList.SignalAfter);
        return woken is [1];
    }
}
