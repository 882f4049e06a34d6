namespace Minion.Orchestration.Runs.Turns;

/// <summary>
/// The statements by which the runs of a session take turns. Whoever uses one has the session's lock, taken before that of any run; each is a statement of
/// its own after the lock, so that it sees what the lock has waited for. At most one run has the turn (<c>sessions.current_run</c>); those that wait for
/// it stand in <c>session_turns</c>.
/// </summary>
internal static class TurnSql
{
    /// <summary>Messages of a session that a run names as its history, at most; what of them it is given is planned when it begins.</summary>
    public const string MostHistory = "200";

    /// <summary>Locks sessions in order: $1 tenants, $2 ids.</summary>
    public const string Lock =
        """
        SELECT count(*) FROM (
          SELECT 1 FROM orchestration.sessions s
          WHERE (s.tenant, s.id) IN (SELECT * FROM unnest($1::text[], $2::uuid[]))
          ORDER BY s.tenant, s.id FOR UPDATE) locked
        """;

    /// <summary>Whether nobody has the turn of the session <c>s</c>, or waits for it.</summary>
    public const string IsFree =
        """
        s.current_run IS NULL AND NOT EXISTS (SELECT FROM orchestration.session_turns t WHERE t.tenant = s.tenant AND t.session_id = s.id)
        """;

    /// <summary>
    /// Gives the run $3 the turn of the session $2 and says its input $5 at the time $4, or lets it wait. Nothing when there is no such run: it was not accepted.
    /// </summary>
    public const string Take =
        $"""
        WITH turn AS (
          UPDATE orchestration.sessions s SET current_run = $3, next_seq = s.next_seq + 1, updated_at = $4, expires_at = $4 + s.time_to_live
          WHERE s.tenant = $1 AND s.id = $2 AND {IsFree} AND EXISTS (SELECT FROM orchestration.runs r WHERE r.tenant = $1 AND r.id = $3)
          RETURNING s.next_seq - 1 AS seq
        ), said AS (
          INSERT INTO orchestration.session_messages (tenant, session_id, seq, role, content, run_id, created_at)
          SELECT $1, $2, turn.seq, 'user', $5, $3, $4 FROM turn
        )
        INSERT INTO orchestration.session_turns (tenant, session_id, position, run_id)
        SELECT $1, $2, coalesce((SELECT max(t.position) FROM orchestration.session_turns t WHERE t.tenant = $1 AND t.session_id = $2), 0) + 1, $3
        FROM orchestration.sessions s
        WHERE s.tenant = $1 AND s.id = $2 AND NOT ({IsFree}) AND EXISTS (SELECT FROM orchestration.runs r WHERE r.tenant = $1 AND r.id = $3)
        """;

    /// <summary>
    /// Asks the runs before the run $3 of the session $2 to stop, when the policy $4, or the session's own where that is empty, is to interrupt: with the
    /// signal $5 at the time $6. Returns those that were asked.
    /// </summary>
    public const string Interrupt =
        """
        WITH before AS MATERIALIZED (
          SELECT r.id, r.signal_seq FROM orchestration.runs r
          WHERE r.tenant = $1 AND r.id <> $3 AND r.status IN ('ready', 'running', 'waiting')
            AND EXISTS (SELECT FROM orchestration.runs n WHERE n.tenant = $1 AND n.id = $3)
            AND r.id IN (
              SELECT s.current_run FROM orchestration.sessions s
              WHERE s.tenant = $1 AND s.id = $2 AND coalesce(nullif($4, ''), s.turns) = 'interrupt'
              UNION ALL
              SELECT t.run_id FROM orchestration.session_turns t JOIN orchestration.sessions s ON s.tenant = t.tenant AND s.id = t.session_id
              WHERE t.tenant = $1 AND t.session_id = $2 AND coalesce(nullif($4, ''), s.turns) = 'interrupt')
          ORDER BY r.id FOR UPDATE
        ), sent AS (
          INSERT INTO orchestration.signals (tenant, run_id, id, seq, kind, payload, at)
          SELECT $1, id, 'cancel', signal_seq + 1, 'cancel', $5::jsonb, $6 FROM before
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
        SELECT id FROM told
        """;

    // One that is asked to stop while it waits is not given the turn: it is no longer waiting, and when it ends, it passes the turn on if nobody has it.
    // A delayed run waits on until its time. The deadline counts from when it may begin.
    /// <summary>
    /// The run $3 of the session $2 has ended in this transaction ($4 its epoch, $5 its next_seq, $6 its status, $7 the time): the next that waits has the turn.
    /// </summary>
    public const string Pass =
        $"""
        WITH ended AS MATERIALIZED (
          SELECT s.tenant, s.id, s.next_seq FROM orchestration.runs r
          JOIN orchestration.sessions s ON s.tenant = r.tenant AND s.id = $2 AND (s.current_run IS NULL OR s.current_run = $3)
          WHERE r.tenant = $1 AND r.id = $3 AND r.epoch = $4 AND r.next_seq = $5 AND r.status = $6 AND r.ended_at = $7
        ), next AS MATERIALIZED (
          SELECT t.run_id, t.position, r.input, e.next_seq AS seq,
            greatest(r.deadline - make_interval(secs => (r.limits ->> 'timeout_seconds')::double precision), $7) AS start_at
          FROM ended e
          JOIN orchestration.session_turns t ON t.tenant = e.tenant AND t.session_id = e.id AND t.run_id <> $3
          JOIN orchestration.runs r ON r.tenant = t.tenant AND r.id = t.run_id AND r.status = 'waiting'
          ORDER BY t.position LIMIT 1 FOR UPDATE OF r
        ), left_queue AS (
          DELETE FROM orchestration.session_turns t
          WHERE t.tenant = $1 AND (t.run_id = $3 AND EXISTS (
              SELECT FROM orchestration.runs r WHERE r.tenant = $1 AND r.id = $3 AND r.epoch = $4 AND r.next_seq = $5 AND r.status = $6 AND r.ended_at = $7)
            OR t.run_id = (SELECT run_id FROM next))
        ), turn AS (
          UPDATE orchestration.sessions s SET
            current_run = (SELECT run_id FROM next),
            next_seq = s.next_seq + (SELECT count(*) FROM next),
            updated_at = $7,
            expires_at = CASE WHEN s.status = 'active' THEN $7 + s.time_to_live ELSE s.expires_at END
          FROM ended e WHERE s.tenant = e.tenant AND s.id = e.id AND (s.current_run IS NOT NULL OR EXISTS (SELECT FROM next))
        ), said AS (
          INSERT INTO orchestration.session_messages (tenant, session_id, seq, role, content, run_id, created_at)
          SELECT $1, $2, seq, 'user', input, run_id, $7 FROM next
        ), begun AS (
          UPDATE orchestration.runs r SET
            status = CASE WHEN n.start_at > $7 THEN 'waiting' ELSE 'ready' END,
            wake_at = CASE WHEN n.start_at > $7 THEN n.start_at END,
            deadline = n.start_at + make_interval(secs => (r.limits ->> 'timeout_seconds')::double precision),
            first_message = greatest(1, n.seq - {MostHistory}),
            last_message = n.seq - 1
          FROM next n WHERE r.tenant = $1 AND r.id = n.run_id
          RETURNING r.tenant, r.priority, r.id, r.status
        )
        INSERT INTO orchestration.ready (tenant, priority, run_id) SELECT tenant, priority, id FROM begun WHERE status = 'ready'
        """;

    /// <summary>Takes the turn of the session $2 for the run $3 again; no row when another has it, or waits for it.</summary>
    public const string Retake =
        $"""
        UPDATE orchestration.sessions s SET current_run = $3
        WHERE s.tenant = $1 AND s.id = $2 AND s.status <> 'deleted' AND (s.current_run = $3 OR ({IsFree})) RETURNING s.id
        """;

    /// <summary>
    /// Keeps the summary that a run has made of its session, when the append was made ($4 the run's epoch, $5 its next_seq afterwards) and none was undone since
    /// the run began: $6 first and $7 last message, $8 content, $9 step, $10 the time, $11 when it began.
    /// </summary>
    public const string KeepSummary =
        """
        INSERT INTO orchestration.session_summaries (tenant, session_id, id, first_seq, last_seq, content, run_id, step, created_at)
        SELECT $1, $2, coalesce((SELECT max(id) FROM orchestration.session_summaries WHERE tenant = $1 AND session_id = $2), 0) + 1,
          coalesce((
            SELECT min(first_seq) FROM orchestration.session_summaries WHERE tenant = $1 AND session_id = $2 AND undone_at IS NULL), $6), $7, $8, $3, $9, $10
        FROM orchestration.runs r
        WHERE r.tenant = $1 AND r.id = $3 AND r.epoch = $4 AND r.next_seq = $5
          AND EXISTS (SELECT FROM orchestration.sessions s WHERE s.tenant = $1 AND s.id = $2 AND s.status <> 'deleted')
          AND NOT EXISTS (
            SELECT FROM orchestration.session_summaries u WHERE u.tenant = $1 AND u.session_id = $2 AND u.undone_at >= $11)
        ON CONFLICT (tenant, session_id, id) DO NOTHING
        """;
}
