using System.Runtime.ExceptionServices;
using Microsoft.Extensions.AI;

namespace Minion.Models.Cache;

/// <summary>How a flight ended.</summary>
internal sealed record FlightEnd
{
    /// <summary>How it failed; null when it did not.</summary>
    public Exception? Error { get; init; }

    /// <summary>The model's own count; null when the answer came from the cache, or the call failed.</summary>
    public UsageContent? Usage { get; init; }

    /// <summary>What the answer cost, in USD; null when the price is not known.</summary>
    public decimal? Usd { get; init; }

    /// <summary>Where the answer came from, when not from a model.</summary>
    public CacheHit? Hit { get; init; }

    /// <summary>When the model had given its answer.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>What one of its readers is told; null for the one who pays for the call.</summary>
    public CacheHit? HitFor(bool isPayer, DateTimeOffset now) => Hit is not null || isPayer
        ? Hit
        : new CacheHit(
            CacheHitKind.Shared, 1, now - At, Stale: false, Usage?.Details.InputTokenCount ?? 0, Usage?.Details.OutputTokenCount ?? 0, SavedUsd: Usd);

    /// <summary>Fails as the call did; several readers never throw one exception object.</summary>
    public void ThrowIfFailed(bool isPayer)
    {
        switch (Error)
        {
            case null:
                return;
            case ModelException error when !isPayer:
                throw new ModelException(error.Kind, error.Message, error.Hint, error.RetryAfter, error);
            default:
                ExceptionDispatchInfo.Throw(Error);
                return;
        }
    }
}
