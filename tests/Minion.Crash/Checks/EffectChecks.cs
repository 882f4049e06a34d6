using Minion.Crash.Arena;
using Minion.Crash.Serving;

namespace Minion.Crash.Checks;

/// <summary>What must hold between the journals and the calls that the tools have counted.</summary>
internal static class EffectChecks
{
    /// <summary>A call's key, as the engine makes it.</summary>
    private const string Key = "format('%s/%s/%s', replace(r.id::text, '-', ''), e.step, e.call)";

    private const string Done =
        $"SELECT e.ctid FROM orchestration.entries e JOIN orchestration.runs r ON r.id = e.run_id WHERE e.kind = 'tool' AND e.name = '{CountedCalls.Add}' LIMIT 1";

    public static IEnumerable<Invariant> Of(Database database) =>
    [
        database.Check(
            "issued",
            "no effect is issued twice unless a person says so",
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
            """,
            """
            INSERT INTO orchestration.entries (tenant, run_id, seq, step, call, attempt, kind, is_outcome, name, payload, started_at, ended_at)
            SELECT e.tenant, e.run_id, 1000000, e.step, e.call, e.attempt, e.kind, false, e.name, e.payload, e.started_at, e.ended_at FROM orchestration.entries e
            WHERE e.kind = 'intent' AND NOT (e.payload ->> 'repeatable')::boolean AND NOT EXISTS (SELECT FROM orchestration.entries s WHERE s.run_id = e.run_id AND s.kind = 'signal')
            ORDER BY e.run_id LIMIT 1
            """),
        database.Check(
            "effects",
            "no call of a tool that changes something each time was made twice",
            $"SELECT format('%s (%s) was called %s times', c.key, min(c.text), count(*)) FROM crash.calls c WHERE c.tool = '{CountedCalls.Add}' GROUP BY c.key HAVING count(*) > 1",
            $"INSERT INTO crash.calls (tool, key, text) SELECT tool, key, text FROM crash.calls WHERE tool = '{CountedCalls.Add}' LIMIT 1"),
        database.Check(
            "keys",
            "a key stands for one call, also where it is made again",
            "SELECT format('%s stands for %s', c.key, string_agg(DISTINCT c.text, ', ')) FROM crash.calls c WHERE c.key <> '' GROUP BY c.key HAVING count(DISTINCT c.text) > 1",
            $"INSERT INTO crash.calls (tool, key, text) SELECT tool, key, 'other' FROM crash.calls WHERE tool = '{CountedCalls.Put}' LIMIT 1"),
        database.Check(
            "announced",
            "no call that changes something was made without its intent in the journal",
            $"""
            , announced AS (SELECT e.payload ->> 'key' AS key FROM orchestration.entries e WHERE e.kind = 'intent')
            SELECT format('%s of %s has no intent', c.key, c.tool) FROM crash.calls c
            WHERE c.tool IN ('{CountedCalls.Add}', '{CountedCalls.Put}') AND NOT EXISTS (SELECT FROM announced a WHERE a.key = c.key)
            """,
            $"INSERT INTO crash.calls (tool, key, text) VALUES ('{CountedCalls.Add}', 'no-run/1/0', 'unannounced')"),
        database.Check(
            "done",
            "a call that is said to have succeeded was made",
            $"""
            SELECT format('%s of %s succeeded and was never made', {Key}, e.name) FROM r JOIN orchestration.entries e ON e.run_id = r.id
            WHERE e.kind = 'tool' AND e.name IN ('{CountedCalls.Add}', '{CountedCalls.Put}') AND e.payload -> 'failure' IS NULL
              AND NOT EXISTS (SELECT FROM crash.calls c WHERE c.key = {Key})
            """,
            $"DELETE FROM crash.calls WHERE tool = '{CountedCalls.Add}'"),
        database.Check(
            "undone",
            "a call that is said to have failed had no effect",
            $"""
            SELECT format('%s failed ("%s"), and it was made', {Key}, e.payload #>> '{"{failure,message}"}') FROM r JOIN orchestration.entries e ON e.run_id = r.id
            WHERE e.kind = 'tool' AND e.name = '{CountedCalls.Add}' AND e.payload -> 'failure' IS NOT NULL AND EXISTS (SELECT FROM crash.calls c WHERE c.key = {Key})
            """,
            $$$"""UPDATE orchestration.entries SET payload = payload || '{"failure": {"message": "none"}}' WHERE ctid = ({{{Done}}})"""),
    ];
}
