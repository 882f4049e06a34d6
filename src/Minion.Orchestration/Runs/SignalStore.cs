using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Faults;
using Minion.Data;
using Minion.Orchestration.Runs.Engine.Failpoints;
using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Runs.Turns;
using Minion.Orchestration.Sessions;
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
              WHEN 'waiting' THEN deadline + coalesce($6 - waiting_since, '0')
              WHEN 'failed' THEN $6 + make_interval(secs => (limits ->> 'timeout_seconds')::double precision)
              ELSE deadline END,
            paused = paused + CASE WHEN status = 'waiting' THEN coalesce($6 - waiting_since, '0') ELSE '0' END,
            waiting_since = NULL,
            wake_at = NULL,
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

    /// <summary>
    /// Commits a retry of a run of a session, which takes its turn again. Returns false as <see cref="SendAsync"/> does.
    /// </summary>
    /// <exception cref="Fault">Another run of the session is under way, or waits for its turn.</exception>
    public async Task<bool> RetryInSessionAsync(string tenant, Guid session, Guid run, string id, string payload, CancellationToken ct)
    {
        Failpoint.Hit(FailpointList.SignalBefore);
        await using var transaction = await database.BeginTenantAsync(tenant, ct);
        var locked = await transaction.QueryAsync(
            "SELECT current_run FROM orchestration.sessions WHERE tenant = $1 AND id = $2 FOR UPDATE",
            [tenant, session],
            row => row.IsDBNull(0) ? (Guid?)null : row.GetGuid(0),
            ct);
        if ((await transaction.QueryAsync(TurnSql.Retake, [tenant, session, run], row => row.GetGuid(0), ct)).Count == 0)
        {
            throw locked is [{ } current] ? SessionFaults.Busy(session, current) : SessionFaults.Changing(session);
        }

        var woken = await transaction.QueryAsync(
            Send, [tenant, run, id, SignalReceived.Retry, payload, time.GetStoredNow(), Failed], row => row.GetInt64(0), ct);
        if (woken is [1])
        {
            await transaction.CommitAsync(ct);
        }

        Failpoint.Hit(FailpointList.SignalAfter);
        return woken is [1];
    }

    private static readonly string[] Failed = ["failed"];

    // In a transaction of its own, after that of the run itself: it locks in the order of ids. A run that one of these starts meanwhile is stopped when that
    // one ends.
    private const string CancelBelow =
        """
        WITH RECURSIVE below AS (
          SELECT c.id FROM orchestration.runs c JOIN orchestration.runs r ON r.tenant = $1 AND r.id = $2
          WHERE c.tenant = $1 AND c.root_id = r.root_id AND c.parent_id = r.id
          UNION ALL
          SELECT c.id FROM below b JOIN orchestration.runs r ON r.tenant = $1 AND r.id = $2
          JOIN orchestration.runs c ON c.tenant = $1 AND c.root_id = r.root_id AND c.parent_id = b.id
        ), open AS MATERIALIZED (
          SELECT r.id, r.signal_seq FROM orchestration.runs r
          WHERE r.tenant = $1 AND r.id IN (SELECT id FROM below) AND r.status IN ('ready', 'running', 'waiting')
          ORDER BY r.id FOR UPDATE
        ), sent AS (
          INSERT INTO orchestration.signals (tenant, run_id, id, seq, kind, payload, at)
          SELECT $1, id, 'cancel', signal_seq + 1, 'cancel', $3::jsonb, $4 FROM open
          ON CONFLICT (run_id, id) DO NOTHING
          RETURNING run_id
        ), told AS (
          UPDATE orchestration.runs SET
            signal_seq = signal_seq + 1,
            status = CASE WHEN status = 'waiting' THEN 'ready' ELSE status END,
            waiting_since = NULL,
            wake_at = NULL
          WHERE tenant = $1 AND id IN (SELECT run_id FROM sent)
          RETURNING tenant, priority, id, status
        ), queued AS (
          INSERT INTO orchestration.ready (tenant, priority, run_id) SELECT tenant, priority, id FROM told WHERE status = 'ready'
          ON CONFLICT (tenant, run_id) DO NOTHING
        )
        SELECT count(*) FROM told
        """;

    /// <summary>Asks all runs below a run to stop. Returns how many there were.</summary>
    public async Task<long> CancelBelowAsync(string tenant, Guid run, string payload, CancellationToken ct)
    {
        Failpoint.Hit(FailpointList.CancelTreeBefore);
        var told = (await database.QueryAsync(tenant, CancelBelow, [tenant, run, payload, time.GetStoredNow()], row => row.GetInt64(0), ct)).Single();
        Failpoint.Hit(FailpointList.CancelTreeAfter);
        return told;
    }
}
