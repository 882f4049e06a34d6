using Microsoft.Extensions.Logging;
using Minion.Orchestration.Runs.Engine.Failpoints;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>
/// Compares the runs that the database believes a worker holds with those that it does. What the worker does not know twice in a row (a claim or submission
/// whose answer was lost) is handed back, but not what it is just reading the journals of, however long that takes; what the database does not know is
/// dropped.
/// </summary>
internal sealed class Comparison(WorkerStore workers, HeldRuns runs, WakeUps wakeUps, ILogger<Comparison> logger)
{
    private HashSet<Guid> _strangers = [];

    public async Task CompareAsync(Lease lease, CancellationToken ct)
    {
        var mine = runs.All.Where(h => h.Lease == lease).ToList();
        var theirs = await workers.HeldAsync(lease.WorkerId, ct);
        var strangers = theirs.Where(id => !runs.Knows(id)).ToHashSet();
        var lost = strangers.Where(_strangers.Contains).ToArray();
        if (lost.Length > 0)
        {
            Failpoint.Hit(FailpointList.HandBackBefore);
            EngineLog.HandedBack(logger, await workers.HandBackAsync(lease.WorkerId, lost, ct));
            Failpoint.Hit(FailpointList.HandBackAfter);
            wakeUps.WakeAll();
        }

        _strangers = strangers;
#if !BREAK_FENCING
        foreach (var held in mine.Where(h => !theirs.Contains(h.Run.Id)))
        {
            // It may just have ended: then it is out of the held ones by the next beat, and dropping does no harm.
            if (runs.Find(held.Run.Id) is { } still && still.MissedOnce())
            {
                still.Drop();
            }
        }
#endif
    }
}
