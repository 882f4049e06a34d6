namespace Minion.Models;

/// <summary>How an answer came without a call of its own.</summary>
public enum CacheHitKind
{
    /// <summary>The same request was answered before.</summary>
    Exact = 1,

    /// <summary>A question that means the same was answered before.</summary>
    Semantic,

    /// <summary>The same request was being answered: one call served all who asked.</summary>
    Shared,
}

/// <summary>An answer that was not paid for; <c>minion.cache</c> of an answer.</summary>
/// <param name="Kind">How it came.</param>
/// <param name="Similarity">Of the two questions, 0 to 1; 1 when they are the same.</param>
/// <param name="Age">Since the model gave it.</param>
/// <param name="Stale">Whether its time was over, and it was given because no model answered.</param>
/// <param name="SavedInputTokens">What the model read for it.</param>
/// <param name="SavedOutputTokens">What the model wrote.</param>
/// <param name="SavedUsd">What it cost, in USD; null when the model's price is not known.</param>
public sealed record CacheHit(
    CacheHitKind Kind, double Similarity, TimeSpan Age, bool Stale, long SavedInputTokens, long SavedOutputTokens, decimal? SavedUsd);
