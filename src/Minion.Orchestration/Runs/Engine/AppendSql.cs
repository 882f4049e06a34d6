namespace Minion.Orchestration.Runs.Engine;

/// <summary>The statements of a shared append. One round trip, one transaction, runs locked in order of their ids.</summary>
internal static class AppendSql
{
    /// <summary>$1 tenants, $2 run ids.</summary>
    public const string Lock =
        """
        SELECT count(*) FROM (
          SELECT 1 FROM orchestration.runs r
          WHERE (r.tenant, r.id) IN (SELECT * FROM unnest($1::text[], $2::uuid[]))
          ORDER BY r.id FOR UPDATE) locked
        """;

    // A stale epoch or sequence number updates nothing: that is the fence. Sequence numbers of entries are given from the row's own
    // counter.
    private const string Fence =
#if BREAK_FENCING
        "true";
#else
        "r.epoch = i.epoch AND r.next_seq = i.next_seq AND r.status = 'running'";
#endif

    /// <summary>
    /// Updates the runs ($1 to $15, $30, $32 and $33, an element each) and inserts the entries ($16 to $29 and $31, an element each) of those that were updated.
    /// Returns a row for each updated run: its id and its status afterwards.
    /// </summary>
    public const string Write =
        $"""
        WITH i AS MATERIALIZED (
          SELECT * FROM unnest(
            $1::text[], $2::uuid[], $3::bigint[], $4::bigint[], $5::int[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[], $10::int[],
            $11::int[], $12::text[], $13::text[], $14::text[], $15::timestamptz[], $30::numeric[],
            $32::timestamptz[], $33::boolean[])
          AS t (tenant, id, epoch, next_seq, entries, status, signal_seq, input_tokens, output_tokens, model_calls, tool_calls, waiting, output,
            error, at, cost_usd, wake_at, is_paused)
        ), u AS (
          UPDATE orchestration.runs r SET
            next_seq = r.next_seq + i.entries,
            status = CASE WHEN i.status = 'waiting' AND r.signal_seq <> i.signal_seq THEN 'running' ELSE i.status END,
            worker_id = CASE WHEN i.status = 'running' OR (i.status = 'waiting' AND r.signal_seq <> i.signal_seq) THEN r.worker_id END,
            epoch = CASE WHEN i.status = 'ready' THEN r.epoch + 1 ELSE r.epoch END,
            input_tokens = r.input_tokens + i.input_tokens,
            output_tokens = r.output_tokens + i.output_tokens,
            model_calls = r.model_calls + i.model_calls,
            tool_calls = r.tool_calls + i.tool_calls,
            cost_usd = r.cost_usd + i.cost_usd,
            waiting = i.waiting::jsonb,
            waiting_since = CASE WHEN i.status = 'waiting' AND i.is_paused THEN i.at END,
            wake_at = CASE WHEN i.status = 'waiting' AND r.signal_seq = i.signal_seq THEN i.wake_at END,
            output = i.output,
            error = i.error::jsonb,
            ended_at = CASE WHEN i.status IN ('completed', 'failed', 'cancelled') THEN i.at END
          FROM i
          WHERE r.tenant = i.tenant AND r.id = i.id AND {Fence}
          RETURNING r.tenant, r.id, r.priority, r.status, r.next_seq - i.entries AS first_seq
        ), e AS (
          INSERT INTO orchestration.entries
            (tenant, run_id, seq, step, call, attempt, kind, is_outcome, name, payload, started_at, ended_at, input_tokens, output_tokens, trace_id,
             cost_usd)
          SELECT u.tenant, u.id, u.first_seq + x.ordinal, x.step, x.call, x.attempt, x.kind, x.is_outcome, x.name, x.payload::jsonb,
            x.started_at, x.ended_at, x.input_tokens, x.output_tokens, x.trace_id, x.cost_usd
          FROM unnest(
            $16::uuid[], $17::int[], $18::int[], $19::int[], $20::int[], $21::text[], $22::boolean[], $23::text[], $24::text[],
            $25::timestamptz[], $26::timestamptz[], $27::int[], $28::int[], $29::text[], $31::numeric[])
          AS x (run_id, ordinal, step, call, attempt, kind, is_outcome, name, payload, started_at, ended_at, input_tokens, output_tokens, trace_id, cost_usd)
          JOIN u ON u.id = x.run_id
        ), q AS (
          INSERT INTO orchestration.ready (tenant, priority, run_id) SELECT tenant, priority, id FROM u WHERE status = 'ready'
        )
        SELECT id, status FROM u
        """;

    /// <summary>
    /// Appends the agent's answer, or what there is of it ($10), to the session of a run that this transaction ended with the status $9: $1 tenant, $2 session, $3 run, $4 epoch, $5 next_seq
    /// afterwards, $6 content, $7 tool calls, $8 time, $11 whether the run is tainted.
    /// </summary>
    public const string SessionMessage =
        """
        WITH s AS (
          UPDATE orchestration.sessions
          SET next_seq = next_seq + 1, updated_at = $8, expires_at = $8 + time_to_live
          WHERE tenant = $1 AND id = $2 AND status <> 'deleted'
            AND EXISTS (
              SELECT 1 FROM orchestration.runs
              WHERE tenant = $1 AND id = $3 AND epoch = $4 AND next_seq = $5 AND status = $9 AND ended_at = $8)
          RETURNING next_seq - 1 AS seq
        )
        INSERT INTO orchestration.session_messages (tenant, session_id, seq, role, content, tool_calls, run_id, created_at, interrupted, tainted)
        SELECT $1, $2, s.seq, 'assistant', $6, $7::jsonb, $3, $8, $10, $11 FROM s
        """;

    /// <summary>Where runs stand, to learn whether a commit whose answer was lost took place: $1 tenants, $2 ids.</summary>
    public const string Reread =
        """
        SELECT r.id, r.epoch, r.next_seq, r.status FROM orchestration.runs r
        WHERE (r.tenant, r.id) IN (SELECT * FROM unnest($1::text[], $2::uuid[]))
        """;
}
