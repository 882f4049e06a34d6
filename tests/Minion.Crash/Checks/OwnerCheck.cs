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

    public static Invariant Of(Database database) => new("no run is left with a worker that is gone, or unclaimed", async _ =>
    {
        var begun = Environment.TickCount64;
        var left = await LeftAsync(database);
        var first = left;
        while (left.Count > 0 && Environment.TickCount64 - begun < Timings.Recovery.TotalMilliseconds)
        {
            await Task.Delay(100);
            var now = await LeftAsync(database);
            left = [.. left.Where(l => now.Exists(n => n.Id == l.Id && n.Epoch == l.Epoch))];
        }

        return [.. left.Where(first.Contains).Select(l => l.What)];
    });

    private static Task<List<(Guid Id, long Epoch, string What)>> LeftAsync(Database database) =>
        database.QueryAsync<(Guid Id, long Epoch, string What)>(Left);
}
