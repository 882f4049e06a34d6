using Minion.Crash.Arena;

namespace Minion.Crash.Checks;

/// <summary>What must hold of every journal, as queries that return what contradicts it. Each is one statement, so that it sees one moment.</summary>
internal static class JournalChecks
{
    /// <summary>Where a sabotage takes its victim from: a completed run.</summary>
    private const string Some = "(SELECT run_id FROM orchestration.entries WHERE kind = 'completed' ORDER BY run_id LIMIT 1)";

    private const string Copy =
        "INSERT INTO orchestration.entries (tenant, run_id, seq, step, call, attempt, kind, is_outcome, name, payload, started_at, ended_at) ";

    public static IEnumerable<Invariant> Of(Database database) =>
    [
        database.Check(
            "outcomes",
            "no call has two outcomes",
            """
            SELECT format('run %s, step %s, call %s: %s outcomes', r.id, e.step, e.call, count(*))
            FROM r JOIN orchestration.entries e ON e.run_id = r.id WHERE e.is_outcome
            GROUP BY r.id, e.step, e.call HAVING count(*) > 1
            """,
            $"""
            DROP INDEX orchestration.entries_outcome;
            {Copy} SELECT tenant, run_id, 1000000, step, call, attempt, kind, is_outcome, name, payload, started_at, ended_at
            FROM orchestration.entries WHERE is_outcome ORDER BY run_id LIMIT 1
            """),
        database.Check(
            "repeats",
            "no model call is repeated after its answer",
            """
            SELECT format('run %s: steps %s answer the same prompt', r.id, string_agg(e.step::text, ', '))
            FROM r JOIN orchestration.entries e ON e.run_id = r.id WHERE e.kind = 'model'
            GROUP BY r.id, e.payload ->> 'prompt_hash' HAVING count(*) > 1
            """,
            $"""
            {Copy} SELECT tenant, run_id, 1000000, step + 1000, call, attempt, kind, is_outcome, name, payload, started_at, ended_at
            FROM orchestration.entries WHERE kind = 'model' ORDER BY run_id LIMIT 1
            """),
        database.Check(
            "journal",
            "entries count from 1 without a gap",
            """
            SELECT format('run %s: next is %s, but there are %s entries from %s to %s', r.id, r.next_seq, count(e.seq), min(e.seq), max(e.seq))
            FROM r LEFT JOIN orchestration.entries e ON e.run_id = r.id
            GROUP BY r.id, r.next_seq
            HAVING count(e.seq) <> r.next_seq - 1 OR coalesce(min(e.seq), 1) <> 1 OR coalesce(max(e.seq), 0) <> r.next_seq - 1
            """,
            $"DELETE FROM orchestration.entries WHERE seq = 2 AND run_id = {Some}"),
        database.Check(
            "ends",
            "a run ends once, and nothing comes after its end",
            """
            SELECT format('run %s is %s; its ends: %s; its last entry: %s', r.id, r.status,
              coalesce(string_agg(e.kind || ' ' || e.seq, ', ' ORDER BY e.seq) FILTER (WHERE e.kind IN ('completed', 'failed', 'cancelled')), 'none'), max(e.seq))
            FROM r JOIN orchestration.entries e ON e.run_id = r.id
            GROUP BY r.id, r.status
            HAVING count(*) FILTER (WHERE e.kind IN ('completed', 'failed', 'cancelled'))
                <> CASE WHEN r.status IN ('completed', 'failed', 'cancelled') THEN 1 ELSE 0 END
              OR (r.status IN ('completed', 'failed', 'cancelled')
                AND (array_agg(e.kind ORDER BY e.seq DESC))[1] <> r.status)
            """,
            $"{Copy} SELECT tenant, run_id, 1000000, 0, 0, 0, 'signal', false, 'cancel', '{{}}', now(), now() FROM orchestration.entries WHERE run_id = {Some} LIMIT 1"),
        database.Check(
            "usage",
            "usage is the sum over the entries",
            """
            SELECT format('run %s: %s/%s/%s/%s, %s USD, but its entries make %s/%s/%s/%s, %s USD', r.id, r.input_tokens, r.output_tokens, r.model_calls, r.tool_calls,
              r.cost_usd, s.input, s.output, s.models, s.tools, s.cost)
            FROM r JOIN (
              SELECT e.run_id, sum(e.input_tokens) AS input, sum(e.output_tokens) AS output, sum(e.cost_usd) AS cost,
                count(*) FILTER (WHERE e.kind = 'model') + coalesce(sum((e.payload ->> 'model_calls')::int) FILTER (WHERE e.kind = 'child'), 0) AS models,
                count(*) FILTER (WHERE e.kind = 'tool') + coalesce(sum((e.payload ->> 'tool_calls')::int) FILTER (WHERE e.kind = 'child'), 0) AS tools
              FROM r JOIN orchestration.entries e ON e.run_id = r.id GROUP BY e.run_id) s ON s.run_id = r.id
            WHERE (r.input_tokens, r.output_tokens, r.model_calls, r.tool_calls, r.cost_usd) IS DISTINCT FROM (s.input, s.output, s.models, s.tools, s.cost)
            """,
            $"UPDATE orchestration.runs SET input_tokens = input_tokens + 1 WHERE id = {Some}"),
        database.Check(
            "ready",
            "a ready row stands for a ready run, and each has one",
            """
            SELECT format('run %s is %s, ready row: %s', coalesce(r.id, q.run_id), coalesce(r.status, 'ended'), q.run_id IS NOT NULL)
            FROM r FULL JOIN orchestration.ready q ON q.tenant = r.tenant AND q.run_id = r.id
            WHERE (q.run_id IS NULL) <> (r.status IS DISTINCT FROM 'ready')
            """,
            $"INSERT INTO orchestration.ready (tenant, priority, run_id) SELECT tenant, 0, id FROM orchestration.runs WHERE id = {Some}"),
        database.Check(
            "holder",
            "a run has a worker exactly while it runs",
            "SELECT format('run %s is %s, its worker is %s', id, status, coalesce(worker_id::text, 'none')) FROM r WHERE (status = 'running') <> (worker_id IS NOT NULL)",
            $"UPDATE orchestration.runs SET worker_id = gen_random_uuid() WHERE id = {Some}"),
        database.Check(
            "waits",
            "a waiting run waits for something",
            """
            SELECT format('run %s waits for nothing', r.id) FROM r
            WHERE r.status = 'waiting' AND r.wake_at IS NULL AND NOT EXISTS (SELECT FROM orchestration.inbox i WHERE i.run_id = r.id AND i.status = 'open')
              AND NOT EXISTS (SELECT FROM orchestration.runs c WHERE c.parent_id = r.id AND c.ended_at IS NULL)
              AND NOT EXISTS (SELECT FROM orchestration.session_turns t WHERE t.run_id = r.id)
            """,
            $"UPDATE orchestration.runs SET status = 'waiting', ended_at = NULL, wake_at = NULL WHERE id = {Some}"),
        database.Check(
            "failures",
            "no run fails",
            "SELECT format('run %s is %s: %s', id, status, error ->> 'message') FROM r WHERE status = 'failed'",
            $"UPDATE orchestration.runs SET status = 'failed' WHERE id = {Some}"),
        database.Check(
            "sessions",
            "a session's messages count without a gap, one question and one answer of each run",
            """
            , m AS (SELECT * FROM orchestration.session_messages)
            SELECT format('session %s: next is %s, but there are %s messages up to %s', s.id, s.next_seq, count(m.seq), max(m.seq))
            FROM orchestration.sessions s LEFT JOIN m ON m.tenant = s.tenant AND m.session_id = s.id
            GROUP BY s.id, s.next_seq HAVING count(m.seq) <> s.next_seq - 1 OR coalesce(max(m.seq), 0) <> s.next_seq - 1
            UNION ALL
            SELECT format('run %s is %s: %s messages asked, %s answered', r.id, r.status,
              count(m.seq) FILTER (WHERE m.role = 'user'), count(m.seq) FILTER (WHERE m.role = 'assistant'))
            FROM r LEFT JOIN m ON m.tenant = r.tenant AND m.session_id = r.session_id AND m.run_id = r.id WHERE r.session_id IS NOT NULL
            GROUP BY r.id, r.status
            HAVING count(m.seq) FILTER (WHERE m.role = 'user') NOT BETWEEN CASE r.status WHEN 'completed' THEN 1 ELSE 0 END AND 1
              OR count(m.seq) FILTER (WHERE m.role = 'assistant' AND NOT m.interrupted) <> CASE r.status WHEN 'completed' THEN 1 ELSE 0 END
              OR count(m.seq) FILTER (WHERE m.role = 'assistant' AND m.interrupted) > CASE r.status WHEN 'cancelled' THEN 1 ELSE 0 END
            """,
            "DELETE FROM orchestration.session_messages WHERE seq = 1"),
        database.Check(
            "signals",
            "signals are numbered from 1 without a gap, and each is folded once",
            """
            , s AS (SELECT run_id, count(*) AS signals, max(seq) AS last FROM orchestration.signals GROUP BY run_id)
            SELECT format('run %s: the last signal is %s, and %s are there up to %s', r.id, r.signal_seq, coalesce(s.signals, 0), s.last)
            FROM r LEFT JOIN s ON s.run_id = r.id WHERE r.signal_seq <> coalesce(s.signals, 0) OR r.signal_seq <> coalesce(s.last, 0)
            UNION ALL
            SELECT format('run %s: signal %s is %s times in its journal', r.id, e.payload ->> 'signal_seq', count(*))
            FROM r JOIN orchestration.entries e ON e.run_id = r.id AND e.kind IN ('signal', 'child') AND (e.payload ->> 'signal_seq')::bigint > 0 GROUP BY r.id, e.payload ->> 'signal_seq' HAVING count(*) > 1
            """,
            $"UPDATE orchestration.runs SET signal_seq = signal_seq + 1 WHERE id = {Some}"),
        database.Check(
            "unended",
            "every run has ended",
            "SELECT format('run %s is %s', id, status) FROM r WHERE ended_at IS NULL",
            $"UPDATE orchestration.runs SET ended_at = NULL, status = 'ready' WHERE id = {Some}",
            onlyAtTheEnd: true),
    ];

    /// <summary>A check that is a query over <c>r</c>, the runs of late.</summary>
    public static Invariant Check(this Database database, string name, string says, string sql, string sabotage, bool onlyAtTheEnd = false) => new(
        name,
        says,
        async since => await database.QueryAsync<string>(
            "WITH r AS (SELECT * FROM orchestration.runs WHERE ended_at IS NULL OR ended_at >= @since) " + sql, new { since }),
        Sabotage.Sql(sabotage),
        onlyAtTheEnd);
}
