using Minion.Crash.Arena;

namespace Minion.Crash.Checks;

/// <summary>What must hold between runs: those that one has started, and those that take turns. For a moment it may not; not for long.</summary>
internal static class TreeChecks
{
    private const string Child = "(SELECT id FROM orchestration.runs WHERE parent_id IS NOT NULL AND status = 'completed' ORDER BY id LIMIT 1)";

    public static IEnumerable<Invariant> Of(Database database) =>
    [
        OfLong(
            database,
            "orphans",
            "no child goes on after the run that started it has ended",
            """
            SELECT format('run %s is %s, and run %s, which started it, is %s', c.id, c.status, p.id, p.status)
            FROM orchestration.runs c JOIN orchestration.runs p ON p.tenant = c.tenant AND p.id = c.parent_id
            WHERE c.ended_at IS NULL AND p.ended_at IS NOT NULL
            """,
            $"UPDATE orchestration.runs SET status = 'waiting', ended_at = NULL WHERE id = {Child}"),
        OfLong(
            database,
            "deaf",
            "no run waits for a child that has ended",
            """
            SELECT format('run %s waits, and its child %s is %s', p.id, c.id, c.status)
            FROM orchestration.runs c JOIN orchestration.runs p ON p.tenant = c.tenant AND p.id = c.parent_id
            WHERE p.status = 'waiting' AND c.ended_at IS NOT NULL
              AND NOT EXISTS (SELECT FROM orchestration.entries e WHERE e.run_id = p.id AND e.kind = 'child' AND e.payload ->> 'child' = c.id::text)
            """,
            $"""
            UPDATE orchestration.runs SET status = 'waiting', ended_at = NULL WHERE id = (SELECT parent_id FROM orchestration.runs WHERE id = {Child});
            DELETE FROM orchestration.entries WHERE kind = 'child' AND payload ->> 'child' = {Child}::text
            """),
        OfLong(
            database,
            "asleep",
            "no run sleeps on after its time",
            "SELECT format('run %s waits, and should have gone on at %s', id, wake_at) FROM orchestration.runs WHERE status = 'waiting' AND wake_at < clock_timestamp() - interval '1 second'",
            $"UPDATE orchestration.runs SET status = 'waiting', ended_at = NULL, wake_at = now() - interval '1 hour' WHERE id = {Child}"),
        OfLong(
            database,
            "turns",
            "nobody waits for a turn that nobody has",
            """
            SELECT format('run %s waits for its turn of session %s, whose current run is %s', t.run_id, s.id, coalesce(c.id::text || ' (' || c.status || ')', 'none'))
            FROM orchestration.session_turns t JOIN orchestration.sessions s ON s.tenant = t.tenant AND s.id = t.session_id
            LEFT JOIN orchestration.runs c ON c.tenant = s.tenant AND c.id = s.current_run
            WHERE c.id IS NULL OR c.ended_at IS NOT NULL
            """,
            """
            INSERT INTO orchestration.session_turns (tenant, session_id, position, run_id)
            SELECT tenant, session_id, 1000000, id FROM orchestration.runs WHERE session_id IS NOT NULL LIMIT 1
            """),
        database.Check(
            "once",
            "a child is started once, and told of once",
            """
            SELECT format('run %s: child %s is %s times in its journal (%s)', r.id, e.payload ->> 'child', count(*), e.kind)
            FROM r JOIN orchestration.entries e ON e.run_id = r.id AND e.kind IN ('child_started', 'child')
            GROUP BY r.id, e.kind, e.payload ->> 'child' HAVING count(*) > 1
            UNION ALL
            SELECT format('run %s is a child of %s, which does not know it', r.id, r.parent_id) FROM r
            WHERE r.parent_id IS NOT NULL
              AND NOT EXISTS (SELECT FROM orchestration.entries e WHERE e.run_id = r.parent_id AND e.kind = 'child_started' AND e.payload ->> 'child' = r.id::text)
            UNION ALL
            SELECT format('run %s has started %s, which is not there', r.id, e.payload ->> 'child') FROM r
            JOIN orchestration.entries e ON e.run_id = r.id AND e.kind = 'child_started'
            WHERE NOT EXISTS (SELECT FROM orchestration.runs c WHERE c.id = (e.payload ->> 'child')::uuid)
            """,
            $"DELETE FROM orchestration.runs WHERE id = {Child}"),
    ];

    private static Invariant OfLong(Database database, string name, string says, string sql, string sabotage) => new(
        name, says, async _ => await Patience.WhileAsync(database, async () => await database.QueryAsync<string>(sql)), Sabotage.Sql(sabotage));
}
