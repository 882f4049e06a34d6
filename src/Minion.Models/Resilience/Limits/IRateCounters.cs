namespace Minion.Models.Resilience;

/// <summary>
/// Counters over a sliding minute: what the minute before saw counts by the part of it that the last sixty seconds cover (Cloudflare's
/// approximation). All counters of a call are taken together or none is.
/// </summary>
internal interface IRateCounters
{
    /// <summary>Takes from all counters.</summary>
    /// <param name="quotas">The counters.</param>
    /// <param name="tokens">What to take from those of tokens; from the others 1.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<RateVerdict> TakeAsync(IReadOnlyList<Quota> quotas, long tokens, CancellationToken cancellationToken);

    /// <summary>Takes more tokens, or gives some back, when it is known how many there were.</summary>
    Task SettleAsync(IReadOnlyList<Quota> quotas, long tokens);
}

/// <summary>Whether a call may be made.</summary>
/// <param name="Refusing">The counter that is at its limit; null when the call may be made.</param>
/// <param name="Wait">When to ask again.</param>
internal readonly record struct RateVerdict(Quota? Refusing, TimeSpan Wait)
{
    public static RateVerdict Allowed => default;
}
