namespace Minion.Orchestration.Runs.Watching;

/// <summary>The live feeds of this process: one for each run that is executed or watched here, gone when neither is the case.</summary>
internal sealed class LiveFeeds
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Holder> _feeds = [];

    /// <summary>Keeps the run's feed until disposed: as its executor or as a watcher.</summary>
    public Handle Hold(Guid run)
    {
        lock (_lock)
        {
            if (!_feeds.TryGetValue(run, out var holder))
            {
                _feeds[run] = holder = new Holder();
            }

            holder.Count++;
            return new Handle(this, run, holder.Feed);
        }
    }

    private void Release(Guid run)
    {
        lock (_lock)
        {
            if (_feeds.TryGetValue(run, out var holder) && --holder.Count == 0)
            {
                _feeds.Remove(run);
            }
        }
    }

    /// <summary>A hold on a feed.</summary>
    public sealed class Handle(LiveFeeds feeds, Guid run, LiveFeed feed) : IDisposable
    {
        private int _released;

        public LiveFeed Feed => feed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
            {
                feeds.Release(run);
            }
        }
    }

    private sealed class Holder
    {
        public LiveFeed Feed { get; } = new();

        public int Count { get; set; }
    }
}
