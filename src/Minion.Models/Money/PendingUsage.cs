namespace Minion.Models.Money;

/// <summary>What was used and is not yet written.</summary>
internal sealed class PendingUsage
{
    /// <summary>Beyond so many no call is begun: the memory of a process is bounded.</summary>
    public const int Most = 50_000;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _there = new(0, 1);
    private List<UsageRecord> _records = [];

    public bool IsFull => _records.Count >= Most;

    public void Add(IReadOnlyList<UsageRecord> records)
    {
        lock (_lock)
        {
            _records.AddRange(records);
        }

        Wake();
    }

    /// <summary>Makes <see cref="WaitAsync"/> return, also without a record.</summary>
    public void Wake()
    {
        lock (_lock)
        {
            if (_there.CurrentCount == 0)
            {
                _there.Release();
            }
        }
    }

    /// <summary>Returns when there is something to write.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _there.WaitAsync(cancellationToken);

    /// <summary>Takes up to <paramref name="most"/> records, oldest first.</summary>
    public List<UsageRecord> Take(int most)
    {
        lock (_lock)
        {
            if (_records.Count <= most)
            {
                var all = _records;
                _records = [];
                return all;
            }

            var first = _records.GetRange(0, most);
            _records.RemoveRange(0, most);
            return first;
        }
    }
}
