using System.Runtime.CompilerServices;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Watching;

/// <summary>
/// Follows a run from a sequence number to its end: each entry exactly once, in order. Live parts are shown as they come, from this process
/// or, through Redis, from the one that executes the run; behind them, and without them, the journal is read.
/// </summary>
internal sealed class RunWatcher(RunStore runs, LiveFeeds feeds, TimeProvider time)
{
    private const int Page = 200;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeastBetweenAsking = TimeSpan.FromMilliseconds(200);

    /// <summary>Yields entries after <paramref name="afterSeq"/> and, in between, deltas. Ends when the run has ended and all is told.</summary>
    public async IAsyncEnumerable<LivePart> WatchAsync(string tenant, Guid run, long afterSeq, [EnumeratorCancellation] CancellationToken ct)
    {
        using var hold = feeds.Watch(tenant, run);
        var live = hold.Feed.Join(out var leave);
        var order = new DeltaOrder();
        var askedAt = 0L;
        try
        {
            var told = afterSeq;
            var pause = ShortestPause;
            // What came before the first entry that is told here is not known.
            var mayHaveEnded = told > 0;
            while (true)
            {
                // The journal first: it covers what was missed, and what other processes write.
                var before = told;
                await foreach (var entry in JournalAsync(tenant, run, told, ct))
                {
                    told = entry.Seq;
                    order.Told(entry);
                    mayHaveEnded = IsEnd(entry);
                    yield return new LiveEntries([entry]);
                }

                if (mayHaveEnded && await runs.HasEndedAsync(tenant, run, told, ct))
                {
                    yield break;
                }

                // Silence may also mean that the run is gone.
                mayHaveEnded = true;

                pause = told > before ? ShortestPause : pause * 2 < LongestPause ? pause * 2 : LongestPause;
                await foreach (var part in LiveAsync(live, pause, ct))
                {
                    if (part is LiveDelta delta)
                    {
                        if (order.Take(delta) is { } shown)
                        {
                            yield return shown;
                        }
                        else if (order.HasGap && (askedAt == 0 || time.GetElapsedTime(askedAt) > LeastBetweenAsking))
                        {
                            askedAt = time.GetTimestamp();
                            hold.AskAgain();
                        }

                        continue;
                    }

                    if (part is LiveCommitted committed)
                    {
                        if (committed.Seq > told)
                        {
                            break;
                        }

                        continue;
                    }

                    var fresh = ((LiveEntries)part).Entries.Where(e => e.Seq > told).ToList();
                    if (fresh.Count > 0 && fresh[0].Seq != told + 1)
                    {
                        break;
                    }

                    if (fresh.Count > 0)
                    {
                        told = fresh[^1].Seq;
                        fresh.ForEach(order.Told);
                        yield return new LiveEntries(fresh);
                        if (IsEnd(fresh[^1]))
                        {
                            yield break;
                        }
                    }
                }
            }
        }
        finally
        {
            leave();
        }
    }

    private static bool IsEnd(Entry entry) => entry.Payload is RunCompleted or RunFailed or RunCancelled;

    /// <summary>Live parts until there has been none for <paramref name="longest"/>.</summary>
    private async IAsyncEnumerable<LivePart> LiveAsync(
        System.Threading.Channels.ChannelReader<LivePart> live, TimeSpan longest, [EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            using var silence = new CancellationTokenSource(longest, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, silence.Token);
            try
            {
                await live.WaitToReadAsync(either.Token);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                yield break;
            }

            while (live.TryRead(out var part))
            {
                yield return part;
            }
        }
    }

    private async IAsyncEnumerable<Entry> JournalAsync(string tenant, Guid run, long after, [EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            var page = await runs.EntriesAsync(tenant, run, after, Page, ct);
            foreach (var entry in page)
            {
                after = entry.Seq;
                yield return entry;
            }

            if (page.Count < Page)
            {
                yield break;
            }
        }
    }
}
