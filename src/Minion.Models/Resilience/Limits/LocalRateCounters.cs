namespace Minion.Models.Resilience;

/// <summary>Counters of this process. Those that nobody has used for two minutes are forgotten.</summary>
internal sealed class LocalRateCounters(TimeProvider time) : IRateCounters
{
    private const int SweepFrom = 1_024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, RateWindow> _windows = new(StringComparer.Ordinal);
    private readonly long _start = time.GetTimestamp();
    private int _sweepAt = SweepFrom;

    /// <summary>How many counters there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _windows.Count;
            }
        }
    }

    public Task<RateVerdict> TakeAsync(IReadOnlyList<Quota> quotas, long tokens, CancellationToken cancellationToken) =>
        Task.FromResult(Take(quotas, tokens, force: false));

    public Task SettleAsync(IReadOnlyList<Quota> quotas, long tokens)
    {
        var now = Now();
        lock (_lock)
        {
            foreach (var quota in quotas.Where(q => q.IsTokens))
            {
                Add(quota, tokens, now);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Counts what was allowed elsewhere, so that this process can go on alone.</summary>
    public void Mirror(IReadOnlyList<Quota> quotas, long tokens) => Take(quotas, tokens, force: true);

    private RateVerdict Take(IReadOnlyList<Quota> quotas, long tokens, bool force)
    {
        var now = Now();
        lock (_lock)
        {
            Quota? refusing = null;
            var longest = TimeSpan.Zero;
            foreach (var quota in force ? [] : quotas)
            {
                var wait = _windows.GetValueOrDefault(quota.Name).At(now).WaitFor(quota.IsTokens ? tokens : 1, quota.Limit, now);
                if (wait > longest)
                {
                    (refusing, longest) = (quota, wait);
                }
            }

            if (refusing is not null)
            {
                return new RateVerdict(refusing, longest);
            }

            foreach (var quota in quotas)
            {
                Add(quota, quota.IsTokens ? tokens : 1, now);
            }

            return RateVerdict.Allowed;
        }
    }

    private void Add(Quota quota, long amount, long now)
    {
        _windows[quota.Name] = _windows.GetValueOrDefault(quota.Name).At(now).Add(amount);
        if (_windows.Count >= _sweepAt)
        {
            Sweep(now);
        }
    }

    // Elapsed time, so that a clock that jumps changes nothing.
    private long Now() => (long)time.GetElapsedTime(_start).TotalMilliseconds;

    private void Sweep(long now)
    {
        foreach (var (name, window) in _windows)
        {
            if (window.At(now) is { Current: 0, Before: 0 })
            {
                _windows.Remove(name);
            }
        }

        _sweepAt = Math.Max(SweepFrom, _windows.Count * 2);
    }
}
