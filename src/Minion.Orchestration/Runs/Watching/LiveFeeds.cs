using Minion.Orchestration.Runs.Watching.Remote;

namespace Minion.Orchestration.Runs.Watching;

/// <summary>The live feeds of this process: one for each run that is executed or watched here, gone when neither is the case.</summary>
/// <param name="remote">How other processes take part; null for not at all.</param>
internal sealed class LiveFeeds(RemoteFeeds? remote = null)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<LiveKey, Holder> _feeds = [];

    /// <summary>Keeps the run's feed until disposed, as its executor.</summary>
    public Handle Hold(string tenant, Guid run) => Take(new LiveKey(tenant, run), watches: false);

    /// <summary>Keeps the run's feed until disposed, as a watcher: what other processes tell of the run comes too.</summary>
    public Handle Watch(string tenant, Guid run) => Take(new LiveKey(tenant, run), watches: true);

    private Handle Take(LiveKey key, bool watches)
    {
        lock (_lock)
        {
            if (!_feeds.TryGetValue(key, out var holder))
            {
                _feeds[key] = holder = new Holder(remote is null ? new LiveFeed() : remote.Open(key));
            }

            holder.Count++;
            if (watches && holder.Watchers++ == 0)
            {
                holder.Subscription = remote?.Watch(key, holder.Feed);
            }
            else if (watches)
            {
                remote?.Ask(key);
            }

            return new Handle(this, key, holder.Feed, watches);
        }
    }

    private void Release(LiveKey key, bool watches)
    {
        lock (_lock)
        {
            if (!_feeds.TryGetValue(key, out var holder))
            {
                return;
            }

            if (watches && --holder.Watchers == 0)
            {
                holder.Subscription?.Dispose();
            }

            if (--holder.Count == 0)
            {
                _feeds.Remove(key);
                remote?.Close(key);
            }
        }
    }

    /// <summary>A hold on a feed.</summary>
    public sealed class Handle(LiveFeeds feeds, LiveKey key, LiveFeed feed, bool watches) : IDisposable
    {
        private int _released;

        public LiveFeed Feed => feed;

        /// <summary>Text is missing: whoever has it sends it again from its start.</summary>
        public void AskAgain() => feeds.Ask(key);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
            {
                feeds.Release(key, watches);
            }
        }
    }

    private void Ask(LiveKey key) => remote?.Ask(key);

    private sealed class Holder(LiveFeed feed)
    {
        public LiveFeed Feed => feed;

        public int Count { get; set; }

        public int Watchers { get; set; }

        public IDisposable? Subscription { get; set; }
    }
}
