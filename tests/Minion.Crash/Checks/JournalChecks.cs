using Minion.Crash.Arena;

namespace Minion.Crash.Checks;

/// <summary>What must hold of every journal, as queries that return what contradicts it. Each is one statement, so that it sees one moment.</summary>
internal static class JournalChecks
{
    private const string Lately = "WITH r AS (SELECT * FROM orchestration.runs WHERE ended_at IS NULL OR ended_at >= @since) ";

    private static readonly (string Name, string Sql)[] Always =
    [
        ("no call has two outcomes",
            """
            SELECT format('run %s, step %s, call %s: %s outcomes', r.id, e.step, e.call, count(*))
            FROM r JOIN orchestration.entries e ON e.run_id = r.id WHERE e.is_outcome
            GROUP BY r.id, e.step, e.call HAVING count(*) > 1
            """),
        ("no model call is repeated after its answer",
            """
            SELECT format('run %s: steps %s answer the same prompt', r.id, string_agg(e.step::text, ', '))
            FROM r JOIN orchestration.entries e ON e.run_id = r.id WHERE e.kind = 'model'
            GROUP BY r.id, e.payload ->> 'prompt_hash' HAVING count(*) > 1
            """),
        ("no effect is issued twice unless a person says so",
            """
            , intents AS (
              SELECT r.id, e.step, e.call, count(*) AS issued
              FROM r JOIN orchestration.entries e ON e.run_id = r.id WHERE e.kind = 'intent' AND NOT (e.payload ->> 'repeatable')::boolean
              GROUP BY r.id, e.step, e.call HAVING count(*) > 1
            )
            SELECT format('run %s, step %s, call %s: issued %s times', i.id, i.step, i.call, i.issued) FROM intents i
            WHERE i.issued > 1 + (
              SELECT count(*) FROM orchestration.entries s
              WHERE s.run_id = i.id AND s.kind = 'signal' AND s.payload ->> 'choice' = 'retry'
                AND s.payload ->> 'question_id' LIKE format('%s.%s.%%', i.step, i.call))
            """),
        ("entries count from 1 without a gap",
            """
            SELECT format('run %s: next is %s, but there are %s entries from %s to %s', r.id, r.next_seq, count(e.seq), min(e.seq), max(e.seq))
            FROM r LEFT JOIN orchestration.entries e ON e.run_id = r.id
            GROUP BY r.id, r.next_seq
            HAVING count(e.seq) <> r.next_seq - 1 OR coalesce(min(e.seq), 1) <> 1 OR coalesce(max(e.seq), 0) <> r.next_seq - 1
            """),
        ("a run ends once, and nothing comes after its end",
            """
            SELECT format('run %s is %s; its ends: %s; its last entry: %s', r.id, r.status,
              coalesce(string_agg(e.kind || ' ' || e.seq, ', ' ORDER BY e.seq) FILTER (WHERE e.kind IN ('completed', 'failed', 'cancelled')), 'none'), max(e.seq))
            FROM r JOIN orchestration.entries e ON e.run_id = r.id
            GROUP BY r.id, r.status
            HAVING count(*) FILTER (WHERE e.kind IN ('completed', 'failed', 'cancelled'))
                <> CASE WHEN r.status IN ('completed', 'failed', 'cancelled') THEN 1 ELSE 0 END
              OR (r.status IN ('completed', 'failed', 'cancelled')
                AND (array_agg(e.kind ORDER BY e.seq DESC))[1] <> r.status)
            """),
        ("usage is the sum over the entries",
            """
            SELECT format('run %s: %s/%s/%s/%s, but its entries make %s/%s/%s/%s', r.id, r.input_tokens, r.output_tokens, r.model_calls, r.tool_calls,
              s.input, s.output, s.models, s.tools)
            FROM r JOIN (
              SELECT e.run_id, sum(e.input_tokens) AS input, sum(e.output_tokens) AS output,
                count(*) FILTER (WHERE e.kind = 'model') AS models, count(*) FILTER (WHERE e.kind = 'tool') AS tools
              FROM r JOIN orchestration.entries e ON e.run_id = r.id GROUP BY e.run_id) s ON s.run_id = r.id
            WHERE (r.input_tokens, r.output_tokens, r.model_calls, r.tool_calls) IS DISTINCT FROM (s.input, s.output, s.models, s.tools)
            """),
        ("a ready row stands for a ready run, and each has one",
            """
            SELECT format('run %s is %s, ready row: %s', coalesce(r.id, q.run_id), coalesce(r.status, 'ended'), q.run_id IS NOT NULL)
            FROM r FULL JOIN orchestration.ready q ON q.tenant = r.tenant AND q.run_id = r.id
            WHERE (q.run_id IS NULL) <> (r.status IS DISTINCT FROM 'ready')
            """),
        ("a run has a worker exactly while it runs",
            "SELECT format('run %s is %s, its worker is %s', id, status, coalesce(worker_id::text, 'none')) FROM r WHERE (status = 'running') <> (worker_id IS NOT NULL)"),
        ("a waiting run has a question",
            "SELECT format('run %s waits for nothing', id) FROM r WHERE status = 'waiting' AND coalesce(jsonb_array_length(waiting), 0) = 0"),
        ("no run fails", "SELECT format('run %s is %s: %s', id, status, error ->> 'message') FROM r WHERE status = 'failed'"),
        ("a call that is said to have failed had no effect",
            """
            SELECT format('run %s, step %s, call %s failed ("%s"), and its note %s is there', r.id, e.step, e.call, e.payload #>> '{failure,message}', n.text)
            FROM r JOIN orchestration.entries e ON e.run_id = r.id AND e.kind = 'tool' AND e.payload -> 'failure' IS NOT NULL
            JOIN orchestration.entries i ON i.run_id = r.id AND i.kind = 'intent' AND (i.step, i.call) = (e.step, e.call)
            JOIN tools.notes n ON n.text = (i.payload ->> 'arguments')::jsonb ->> 'text'
            """),
        ("no note is there twice",
            """
            SELECT format('note %s: %s times', n.text, count(*)) FROM tools.notes n GROUP BY n.text HAVING count(*) > 1
            """),
        ("a session's messages count without a gap, one question and one answer of each run",
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
            HAVING count(m.seq) FILTER (WHERE m.role = 'user') <> 1
              OR count(m.seq) FILTER (WHERE m.role = 'assistant') <> CASE r.status WHEN 'completed' THEN 1 ELSE 0 END
            """),
    ];

    private static readonly (string Name, string Sql)[] AtTheEnd =
    [
        ("every run has ended", "SELECT format('run %s is %s', id, status) FROM r WHERE ended_at IS NULL"),
    ];

    public static IEnumerable<Invariant> Of(Database database) =>
    [
        .. Always.Select(c => Query(database, c.Name, c.Sql, onlyAtTheEnd: false)),
        .. AtTheEnd.Select(c => Query(database, c.Name, c.Sql, onlyAtTheEnd: true)),
    ];

    private static Invariant Query(Database database, string name, string sql, bool onlyAtTheEnd) =>
        new(name, async since => await database.QueryAsync<string>(Lately + sql, new { since }), onlyAtTheEnd);
}
