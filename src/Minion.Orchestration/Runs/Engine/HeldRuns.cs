using System.Collections.Concurrent;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>The runs that this process holds, and those that it has claimed and is reading the journals of.</summary>
internal sealed class HeldRuns
{
    private readonly ConcurrentDictionary<Guid, HeldRun> _held = new();
    private readonly ConcurrentDictionary<Guid, bool> _read = new();

    public int Count => _held.Count;

    public bool IsEmpty => _held.IsEmpty;

    public IEnumerable<HeldRun> All => _held.Values;

    public HeldRun? Find(Guid run) => _held.GetValueOrDefault(run);

    public bool Knows(Guid run) => _held.ContainsKey(run) || _read.ContainsKey(run);

    /// <summary>A later claim of the same run by this process replaces the earlier one, which is fenced.</summary>
    public void Add(HeldRun held)
    {
        if (_held.TryGetValue(held.Run.Id, out var earlier))
        {
            earlier.Drop();
        }

        _held[held.Run.Id] = held;
    }

    public void Remove(HeldRun held) => _held.TryRemove(KeyValuePair.Create(held.Run.Id, held));

    /// <summary>Their journals are being read; they are held soon.</summary>
    public void BeginReading(IEnumerable<ClaimedRun> runs)
    {
        foreach (var run in runs)
        {
            _read[run.Id] = true;
        }
    }

    /// <summary>They are held, or given up.</summary>
    public void EndReading(IEnumerable<ClaimedRun> runs)
    {
        foreach (var run in runs)
        {
            _read.TryRemove(run.Id, out _);
        }
    }

    public void DropAll()
    {
        foreach (var held in _held.Values)
        {
            held.Drop();
        }
    }
}
