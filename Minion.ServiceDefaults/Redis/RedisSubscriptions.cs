using System.Collections.Concurrent;
using StackExchange.Redis;

namespace Minion.ServiceDefaults.Redis;

/// <summary>The subscriptions that are wanted, and those that Redis has confirmed.</summary>
internal sealed class RedisSubscriptions(TimeSpan timeout, TimeProvider time)
{
    private const int MostAtOnce = 100;

    private readonly ConcurrentDictionary<string, Entry> _wanted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Entry> _confirmed = new(StringComparer.Ordinal);

    /// <summary>Returns what ends it again.</summary>
    public Action Add(string channel, Action<byte[]> handler, Action? listening)
    {
        var entry = new Entry(handler, listening);
        _wanted[channel] = entry;
        return () => _wanted.TryRemove(KeyValuePair.Create(channel, entry));
    }

    /// <summary>The connection is new: the client has subscribed again by itself, and what was sent meanwhile is lost.</summary>
    public void Restart()
    {
        foreach (var entry in _confirmed.Values)
        {
            entry.Listening?.Invoke();
        }
    }

    /// <exception cref="RedisException">Redis is lost; the rest is done the next time.</exception>
    /// <exception cref="TimeoutException">As above.</exception>
    public async Task ReconcileAsync(ISubscriber subscriber, CancellationToken ct)
    {
        foreach (var gone in _confirmed.Where(c => !_wanted.TryGetValue(c.Key, out var wanted) || wanted != c.Value).ToList())
        {
            await subscriber.UnsubscribeAsync(Channel(gone.Key), gone.Value.Receive).WaitAsync(timeout, time, ct);
            _confirmed.Remove(gone.Key);
        }

        foreach (var some in _wanted.Where(w => !_confirmed.ContainsKey(w.Key)).Chunk(MostAtOnce))
        {
            await Task.WhenAll(some.Select(s => SubscribeAsync(subscriber, s.Key, s.Value))).WaitAsync(timeout, time, ct);
            foreach (var (channel, entry) in some)
            {
                _confirmed[channel] = entry;
                entry.Listening?.Invoke();
            }
        }
    }

    private static async Task SubscribeAsync(ISubscriber subscriber, string channel, Entry entry)
    {
        // An earlier attempt may have got halfway: without this the handler would be called twice.
        await subscriber.UnsubscribeAsync(Channel(channel), entry.Receive);
        await subscriber.SubscribeAsync(Channel(channel), entry.Receive);
    }

    /// <summary>Taken literally, whatever stands in it.</summary>
    internal static RedisChannel Channel(string name) => new(name, RedisChannel.PatternMode.Literal);

    private sealed class Entry(Action<byte[]> handler, Action? listening)
    {
        public Action<RedisChannel, RedisValue> Receive { get; } = (_, value) => handler((byte[]?)value ?? []);

        public Action? Listening { get; } = listening;
    }
}
