using Minion.Crash.Arena;

namespace Minion.Crash.Checks;

/// <summary>What must hold of the runs that the clock starts.</summary>
internal static class ScheduleChecks
{
    /// <summary>A time in the middle, for a sabotage.</summary>
    private const string Some = "(SELECT at FROM orchestration.schedule_fires ORDER BY at OFFSET 1 LIMIT 1)";

    public static IEnumerable<Invariant> Of(Database database) =>
    [
        database.Check(
            "times",
            "each time of a schedule comes once, and none is left out",
            """
            SELECT format('%s comes %s after the time before it', at, gap) FROM (
              SELECT at, at - lag(at) OVER (PARTITION BY schedule_id ORDER BY at) AS gap FROM orchestration.schedule_fires) g
            WHERE gap <> interval '2 seconds'
            """,
            $"DELETE FROM orchestration.schedule_fires WHERE at = {Some}"),
        database.Check(
            "fires",
            "a time that is said to have started a run has started one, and no other run",
            """
            SELECT format('%s is %s, and there are %s runs of it', f.at, f.status, count(s.id)) FROM orchestration.schedule_fires f
            LEFT JOIN orchestration.runs s ON s.tenant = f.tenant AND s.request_id = f.request_id
            WHERE f.status <> 'due' GROUP BY f.at, f.status HAVING count(s.id) <> 1
            """,
            $"DELETE FROM orchestration.runs WHERE request_id = (SELECT request_id FROM orchestration.schedule_fires WHERE at = {Some})"),
        database.Check(
            "due",
            "every time has started its run",
            "SELECT format('%s is %s: %s', at, status, reason) FROM orchestration.schedule_fires WHERE status <> 'started'",
            $"UPDATE orchestration.schedule_fires SET status = 'due' WHERE at = {Some}",
            onlyAtTheEnd: true),
    ];
}
