namespace Minion.Models.Pipeline;

/// <summary>How long to wait before another attempt: 2, 4, 8, 16… seconds, or what the endpoint asks for.</summary>
internal static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);

    /// <summary>The longest wait after the failed attempt <paramref name="attempt"/> (0 is the first).</summary>
    public static TimeSpan Longest(int attempt, TimeSpan? retryAfter) => retryAfter ?? First * Math.Pow(2, attempt);

    /// <summary>
    /// The wait: between half and all of the longest, so that callers who failed together do not come back together. What the endpoint
    /// asked for is never shortened.
    /// </summary>
    /// <param name="attempt">The failed attempt; 0 is the first.</param>
    /// <param name="retryAfter">What the endpoint asked for.</param>
    /// <param name="random">Between 0 and 1.</param>
    public static TimeSpan Wait(int attempt, TimeSpan? retryAfter, double random) =>
        retryAfter ?? Longest(attempt, null) * (0.5 + (random / 2));
}
