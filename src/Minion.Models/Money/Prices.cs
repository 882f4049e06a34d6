using Microsoft.Extensions.AI;

namespace Minion.Models.Money;

/// <summary>What calls cost. Pure; USD.</summary>
internal static class Prices
{
    /// <summary>
    /// Key in <see cref="UsageDetails.AdditionalCounts"/>: how many of the input tokens the provider wrote into its cache, as the official
    /// Anthropic client names it.
    /// </summary>
    public const string CacheWriteCount = "CacheCreationInputTokens";

    /// <summary>As many as the database keeps: what is reserved, used and given back must add up.</summary>
    private const int StoredDecimals = 12;

    private const decimal Million = 1_000_000;

    /// <summary>
    /// The cost of what was used. Cached, cache-written and reasoning tokens are parts of the input's and output's totals, and are
    /// priced apart.
    /// </summary>
    public static decimal Cost(ModelPrice price, UsageDetails usage)
    {
        var input = AtLeastZero(usage.InputTokenCount);
        var cached = Math.Min(AtLeastZero(usage.CachedInputTokenCount), input);
        var written = Math.Min(AtLeastZero(usage.AdditionalCounts?.GetValueOrDefault(CacheWriteCount)), input - cached);
        var output = AtLeastZero(usage.OutputTokenCount);
        var reasoning = Math.Min(AtLeastZero(usage.ReasoningTokenCount), output);
        var rate = RateFor(price, input);
        return Math.Round((((input - cached - written) * rate.Input)
            + (cached * (rate.CachedInput ?? rate.Input))
            + (written * (rate.CacheWrite ?? rate.Input))
            + ((output - reasoning) * rate.Output)
            + (reasoning * (rate.Reasoning ?? rate.Output))) / Million, StoredDecimals);
    }

    /// <summary>The most that a call with so many tokens can cost.</summary>
    public static decimal Most(ModelPrice price, long input, long output)
    {
        var rate = RateFor(price, input);
        var most = ((input * Math.Max(rate.Input, rate.CacheWrite ?? 0)) + (output * Math.Max(rate.Output, rate.Reasoning ?? 0))) / Million;
        return Math.Round(most, StoredDecimals, MidpointRounding.ToPositiveInfinity);
    }

    private static ModelPrice RateFor(ModelPrice price, long input) => price.LongContext is { } longer && input > longer.Over
        ? new ModelPrice { Input = longer.Input, CachedInput = longer.CachedInput, Output = longer.Output }
        : price;

    private static long AtLeastZero(long? count) => Math.Max(0, count ?? 0);
}
