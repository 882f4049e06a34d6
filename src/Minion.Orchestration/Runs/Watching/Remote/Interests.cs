using System.Collections.Concurrent;

namespace Minion.Orchestration.Runs.Watching.Remote;

/// <summary>
/// Runs that other processes watch. Each says so again and again; one that ends without a word is forgotten after a while. A text that nobody elsewhere
/// watches is not sent.
/// </summary>
internal sealed class Interests(TimeProvider time)
{
    /// <summary>How often watchers are announced.</summary>
    public static readonly TimeSpan Renewal = TimeSpan.FromSeconds(10);

    private const int Most = 100_000;
    private static readonly TimeSpan KeptFor = Renewal * 3;

    private readonly ConcurrentDictionary<LiveKey, long> _heard = new();

    public void Hear(LiveKey key)
    {
        if (_heard.Count < Most || _heard.ContainsKey(key))
        {
            _heard[key] = time.GetTimestamp();
        }
    }

    public bool Has(LiveKey key) => _heard.TryGetValue(key, out var heard) && time.GetElapsedTime(heard) < KeptFor;

    public void Prune()
    {
        foreach (var (key, heard) in _heard)
        {
            if (time.GetElapsedTime(heard) >= KeptFor)
            {
                _heard.TryRemove(KeyValuePair.Create(key, heard));
            }
        }
    }
}
