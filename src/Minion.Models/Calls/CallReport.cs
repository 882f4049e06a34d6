using Minion.Models.Money;

namespace Minion.Models;

/// <summary>What became of one call; the stages of the pipeline fill it in. Not for several threads at once.</summary>
internal sealed class CallReport
{
    private readonly List<Attempt> _attempts = [];

    /// <summary>Every attempt, in order, also those that failed.</summary>
    public IReadOnlyList<Attempt> Attempts => _attempts;

    /// <summary>Where the answer came from, when it was not paid for.</summary>
    public CacheHit? CacheHit { get; set; }

    /// <summary>What is reserved for the call; null where nothing is.</summary>
    public Reservation? Reservation { get; set; }

    /// <summary>What the call cost, in USD; set when it has ended.</summary>
    public decimal CostUsd { get; set; }

    /// <summary>Which model answers, and why; null when there was nothing to choose.</summary>
    public RouteReport? Route { get; set; }

    public void Add(Attempt attempt) => _attempts.Add(attempt);

    /// <summary>Takes over everything that another report says: that of a call which was made for several callers, and that this one answers for.</summary>
    public void Adopt(CallReport other)
    {
        _attempts.AddRange(other._attempts);
        CacheHit ??= other.CacheHit;
        Reservation ??= other.Reservation;
        CostUsd += other.CostUsd;
        Route ??= other.Route;
    }
}
