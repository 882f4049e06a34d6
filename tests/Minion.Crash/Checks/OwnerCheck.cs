using Minion.Crash.Arena;

namespace Minion.Crash.Checks;

/// <summary>No run is left with a worker that is gone, or ready without being claimed. For a moment either may be so; not for long.</summary>
internal static class OwnerCheck
{
    private const string Left =
        """
        SELECT r.id, r.epoch,
          format('run %s is %s with %s for more than a moment', r.id, r.status, coalesce('worker ' || r.worker_id::text || ', which is gone,', 'nobody'))
        FROM orchestration.runs r
        WHERE (r.worker_id IS NOT NULL AND NOT EXISTS (SELECT FROM orchestration.workers w WHERE w.id = r.worker_id)) OR r.status = 'ready'
        """;

    public static Invariant Of(Database database) => new(
        "left",
        "no run is left with a worker that is gone, or unclaimed",
        async _ =>
        {
            var first = await LeftAsync(database);
            return await Patience.WhileAsync(database, async () =>
            {
                var now = await LeftAsync(database);
                return [.. now.Where(n => first.Exists(f => f.Id == n.Id && f.Epoch == n.Epoch)).Select(n => n.What)];
            });
        },
        Sabotage.Sql(
            """
            UPDATE orchestration.runs SET status = 'running', worker_id = gen_random_uuid()
            WHERE id = (SELECT run_id FROM orchestration.entries WHERE kind = 'completed' ORDER BY run_id LIMIT 1)
            """));

    private static Task<List<(Guid Id, long Epoch, string What)>> LeftAsync(Database database) =>
        database.QueryAsync<(Guid Id, long Epoch, string What)>(Left);
}
