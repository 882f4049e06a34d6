using Microsoft.Extensions.Logging;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Engine.Failpoints;
using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Runs.Watching;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>Claims ready runs, each tenant in turn, with all that they need to go on; and brings the signals of runs that are held.</summary>
internal sealed class Claiming(
    ClaimStore claims, LimitedClaims limited, SignalReader reader, HeldRuns runs, LiveFeeds feeds, BehaviourRegistry behaviours, ILogger<Claiming> logger)
{
    private string _cursor = "";
    private bool _limitedHaveTurn;

    /// <summary>Claims up to <paramref name="slots"/> runs and begins each.</summary>
    public async Task ClaimAsync(Lease lease, int slots, Action<HeldRun> begin, CancellationToken ct)
    {
        var claimed = await LimitedAsync(lease, slots, ct);
        claimed.AddRange(await OthersAsync(lease, slots - claimed.Count, ct));
        if (claimed.Count == 0)
        {
            return;
        }

        Failpoint.Hit(FailpointList.ClaimAfter);
        runs.BeginReading(claimed);
        try
        {
            var known = claimed.Where(r => r.NextSeq > 1 || r.Epoch > 1).Select(r => r.Id).ToArray();
            var entries = known.Length > 0 ? await claims.EntriesAsync(known, ct) : Enumerable.Empty<Entry>().ToLookup(_ => Guid.Empty);
            var held = claimed.ConvertAll(run => new HeldRun(run, behaviours.Exact(run.Behaviour), lease, feeds.Hold(run.Tenant, run.Id), entries[run.Id]));
            var signals = (await reader.AfterAsync([.. held.Select(h => (h.Run.Id, h.State.SignalSeq))], ct)).ToLookup(s => s.RunId);
            foreach (var run in held)
            {
                run.Deliver(signals[run.Run.Id]);
                if (run.Run.Epoch > 1)
                {
                    EngineLog.RunResumed(logger, run.Run.Id, run.Run.Epoch, run.State.LastSeq);
                }

                begin(run);
            }
        }
        finally
        {
            runs.EndReading(claimed);
        }
    }

    /// <summary>Up to half of the slots, so that neither kind of run starves the other; of a single one, every other time.</summary>
    private Task<List<ClaimedRun>> LimitedAsync(Lease lease, int slots, CancellationToken ct)
    {
        _limitedHaveTurn = !_limitedHaveTurn;
        return limited.ClaimAsync(lease.WorkerId, slots == 1 && _limitedHaveTurn ? 1 : slots / 2, ct);
    }

    private async Task<List<ClaimedRun>> OthersAsync(Lease lease, int slots, CancellationToken ct)
    {
        if (slots == 0)
        {
            return [];
        }

        var claimed = await claims.ClaimAsync(lease.WorkerId, slots, _cursor, ct);
        if (claimed.Count < slots && _cursor.Length > 0)
        {
            // Round the corner: the tenants before the cursor.
            claimed.AddRange(await claims.ClaimAsync(lease.WorkerId, slots - claimed.Count, "", ct));
        }

        _cursor = claimed.Count == slots ? claimed.Max(r => r.Tenant)! : "";
        return claimed;
    }

    /// <summary>Delivers what has come for the runs of a worker.</summary>
    public async Task ReadSignalsAsync(Lease lease, CancellationToken ct)
    {
        if (runs.IsEmpty)
        {
            return;
        }

        var news = (await claims.SignalledAsync(lease.WorkerId, ct))
            .Where(s => runs.Find(s.Id) is { } held && held.DeliveredSignals < s.SignalSeq)
            .Select(s => (s.Id, runs.Find(s.Id)?.DeliveredSignals ?? s.SignalSeq))
            .ToArray();
        if (news.Length == 0)
        {
            return;
        }

        foreach (var signals in (await reader.AfterAsync(news, ct)).GroupBy(s => s.RunId))
        {
            runs.Find(signals.Key)?.Deliver(signals);
        }
    }
}
