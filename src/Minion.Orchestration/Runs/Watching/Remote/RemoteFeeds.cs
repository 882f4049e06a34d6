using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Minion.ServiceDefaults.Redis;

namespace Minion.Orchestration.Runs.Watching.Remote;

/// <summary>
/// Live parts between processes, through Redis. A process that has watchers of a run announces it; the one that executes the run then sends what its feed
/// has not sent yet, some hundred times a second at most. Nothing is queued: what a slow Redis has not taken gathers in the feed, where it is anyway, and
/// goes with the next message. What is lost is asked for again, and the journal has all of it in the end.
/// </summary>
internal sealed class RemoteFeeds(RedisHints hints, TimeProvider time) : BackgroundService
{
    private const string InterestChannel = "watched";
    private const int MostAtOnce = 256;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan PauseWhenDown = TimeSpan.FromMilliseconds(250);

    private readonly Interests _interests = new(time);
    private readonly ConcurrentDictionary<LiveKey, LiveFeed> _feeds = new();
    private readonly ConcurrentDictionary<LiveKey, bool> _watched = new();
    private readonly ConcurrentDictionary<LiveKey, LiveFeed> _changed = new();
    private readonly ConcurrentDictionary<LiveKey, bool> _asked = new();
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long _announced;

    /// <summary>The feed of a run that is executed or watched here.</summary>
    public LiveFeed Open(LiveKey key) => hints.IsConfigured ? _feeds[key] = new LiveFeed(feed => Changed(key, feed)) : new LiveFeed();

    public void Close(LiveKey key) => _feeds.TryRemove(key, out _);

    /// <summary>Brings what other processes tell of the run, until disposed.</summary>
    public IDisposable Watch(LiveKey key, LiveFeed feed)
    {
        if (!hints.IsConfigured)
        {
            return hints.Subscribe("", _ => { });
        }

        _watched[key] = true;
        var subscription = hints.Subscribe(
            ChannelOf(key),
            payload =>
            {
                if (RemoteJson.ReadPart(payload) is { } part && part.Sender != hints.Self)
                {
                    feed.Receive(part);
                }
            },
            listening: () => Ask(key));
        return new Watching(this, key, subscription);
    }

    /// <summary>Announces watchers of the run: its text is sent from its start.</summary>
    public void Ask(LiveKey key)
    {
        if (hints.IsConfigured)
        {
            _asked[key] = true;
            _news.Writer.TryWrite(true);
        }
    }

    /// <summary>The run's id has a fixed length, so that no tenant's name leads to another tenant's channel.</summary>
    internal static string ChannelOf(LiveKey key) => $"live:{key.Run:N}:{key.Tenant}";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!hints.IsConfigured)
        {
            return;
        }

        using var interests = hints.Subscribe(InterestChannel, Hear);
        _announced = time.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await WaitAsync(stoppingToken);
                var sent = await SendAsync(stoppingToken);
                await Task.Delay(sent ? Pause : PauseWhenDown, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private void Hear(byte[] payload)
    {
        if (RemoteJson.ReadInterest(payload) is not { } interest || interest.Sender == hints.Self)
        {
            return;
        }

        foreach (var key in interest.Runs)
        {
            _interests.Hear(key);
            if (_feeds.TryGetValue(key, out var feed))
            {
                feed.SendAgain();
            }
        }
    }

    private void Changed(LiveKey key, LiveFeed feed)
    {
        if (_interests.Has(key))
        {
            // The feed itself, not only its key: the last news of a run comes when nobody holds its feed any more.
            _changed[key] = feed;
            _news.Writer.TryWrite(true);
        }
    }

    /// <summary>Until there is news, or watchers are to be announced again.</summary>
    private async Task WaitAsync(CancellationToken ct)
    {
        var left = Interests.Renewal - time.GetElapsedTime(_announced);
        if (left > TimeSpan.Zero && _changed.IsEmpty && _asked.IsEmpty)
        {
            using var renewal = new CancellationTokenSource(left, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, renewal.Token);
            await ((Task)_news.Reader.WaitToReadAsync(either.Token).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ct.ThrowIfCancellationRequested();
        }

        _news.Reader.TryRead(out _);
    }

    private async Task<bool> SendAsync(CancellationToken ct)
    {
        if (time.GetElapsedTime(_announced) >= Interests.Renewal)
        {
            _announced = time.GetTimestamp();
            _interests.Prune();
            foreach (var key in _watched.Keys)
            {
                _asked[key] = true;
            }
        }

        if (!hints.IsUp)
        {
            return false;
        }

        var messages = new List<(string, byte[])>();
        if (Take(_asked) is { Count: > 0 } asked)
        {
            messages.Add((InterestChannel, RemoteJson.Write(new RemoteInterest(hints.Self, [.. asked.Select(a => a.Key)]))));
        }

        foreach (var (key, feed) in Take(_changed))
        {
            if (feed.TakeUnsent(hints.Self) is { } part)
            {
                messages.Add((ChannelOf(key), RemoteJson.Write(part)));
                // There may be more than goes into a message.
                Changed(key, feed);
            }
        }

        return messages.Count == 0 || await hints.PublishAsync(messages, ct);
    }

    private static List<KeyValuePair<LiveKey, T>> Take<T>(ConcurrentDictionary<LiveKey, T> waiting)
    {
        var taken = new List<KeyValuePair<LiveKey, T>>();
        foreach (var (key, _) in waiting)
        {
            if (waiting.TryRemove(key, out var value))
            {
                taken.Add(KeyValuePair.Create(key, value));
            }

            if (taken.Count == MostAtOnce)
            {
                break;
            }
        }

        return taken;
    }

    private sealed class Watching(RemoteFeeds feeds, LiveKey key, IDisposable subscription) : IDisposable
    {
        public void Dispose()
        {
            feeds._watched.TryRemove(key, out _);
            subscription.Dispose();
        }
    }
}
