using System.Runtime.CompilerServices;
using Minion.Orchestration.Runs.Engine;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Watching;

/// <summary>
/// Follows a run from a sequence number to its end: each entry exactly once, in order. Live parts are shown as they come, from this process
/// or, through Redis, from the one that executes the run; behind them, and without them, the journal is read. To a watcher an outage of the
/// database of up to a minute is only a pause.
/// </summary>
internal sealed class RunWatcher(RunStore runs, LiveFeeds feeds, Outages outages, TimeProvider time)
{
    private const int Page = 200;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeastBetweenAsking = TimeSpan.FromMilliseconds(200);

    /// <summary>As long as a database takes that starts anew.</summary>
    private static readonly TimeSpan LongestOutage = TimeSpan.FromMinutes(1);

    /// <summary>Yields entries after <paramref name="afterSeq"/> and, in between, what the answer under way brings. Ends when the run has ended and all is told.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="run">The run.</param>
    /// <param name="afterSeq">The last entry that is known.</param>
    /// <param name="start">Sets the reader to where an earlier watch was cut; null for the start of the answer under way.</param>
    /// <param name="ct">Ends the watch.</param>
    public async IAsyncEnumerable<LivePart> WatchAsync(
        string tenant, Guid run, long afterSeq, Action<LiveReader>? start, [EnumeratorCancellation] CancellationToken ct)
    {
        using var hold = feeds.Watch(tenant, run);
        using var live = hold.Feed.Join();
        live.StartAfter(afterSeq);
        start?.Invoke(live);
        var askedAt = 0L;
        var pause = ShortestPause;
        // What came before the first entry that is told here is not known.
        var mayHaveEnded = afterSeq > 0;
        while (true)
        {
            // The journal first: it covers what was missed, and what other processes write.
            var before = live.Told;
            await foreach (var entry in JournalAsync(tenant, run, live.Told, ct))
            {
                live.HasTold(entry);
                mayHaveEnded = IsEnd(entry);
                yield return new LiveEntries([entry]);
            }

            if (mayHaveEnded && await WaitOutAsync(run, () => runs.HasEndedAsync(tenant, run, live.Told, ct), ct))
            {
                yield break;
            }

            // Silence may also mean that the run is gone.
            mayHaveEnded = true;
            pause = live.Told > before ? ShortestPause : pause * 2 < LongestPause ? pause * 2 : LongestPause;
            var isBehind = false;
            do
            {
                while (!isBehind && live.Take() is { } part)
                {
                    isBehind = part is LiveBehind;
                    if (!isBehind)
                    {
                        yield return part;
                    }

                    if (part is LiveEntries { Entries: [.., var last] } && IsEnd(last))
                    {
                        yield break;
                    }
                }

                if (live.LacksText && (askedAt == 0 || time.GetElapsedTime(askedAt) > LeastBetweenAsking))
                {
                    askedAt = time.GetTimestamp();
                    hold.AskAgain();
                }
            }
            while (!isBehind && await live.WaitAsync(pause, time, ct));
        }
    }

    /// <summary>Looks at the run, behind an outage of the database if there is one.</summary>
    public Task<RunRecord?> FindAsync(string tenant, Guid run, CancellationToken ct) => WaitOutAsync(run, () => runs.FindAsync(tenant, run, ct), ct);

    private static bool IsEnd(Entry entry) => entry.Payload is RunCompleted or RunFailed or RunCancelled;

    private Task<T> WaitOutAsync<T>(Guid run, Func<Task<T>> work, CancellationToken ct) => outages.WaitOutAsync(run, work, LongestOutage, ct);

    private async IAsyncEnumerable<Entry> JournalAsync(string tenant, Guid run, long after, [EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            var from = after;
            var page = await WaitOutAsync(run, () => runs.EntriesAsync(tenant, run, from, Page, ct), ct);
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
