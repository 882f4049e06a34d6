namespace Minion.Models;

/// <summary>What a model costs, in USD for a million tokens.</summary>
public sealed record ModelPrice
{
    /// <summary>Input tokens that came from no cache.</summary>
    public required decimal Input { get; init; }

    /// <summary>Input tokens that the provider had in its cache; as <see cref="Input"/> when null.</summary>
    public decimal? CachedInput { get; init; }

    /// <summary>Input tokens that the provider wrote into its cache; as <see cref="Input"/> when null.</summary>
    public decimal? CacheWrite { get; init; }

    /// <summary>Output tokens.</summary>
    public required decimal Output { get; init; }

    /// <summary>Output tokens spent on reasoning; as <see cref="Output"/> when null.</summary>
    public decimal? Reasoning { get; init; }

    /// <summary>What a call with a very long input costs; null when length makes no difference.</summary>
    public LongContextPrice? LongContext { get; init; }
}

/// <summary>What takes the place of a price, for the whole call, when its input is very long. USD for a million tokens.</summary>
public sealed record LongContextPrice
{
    /// <summary>It holds for inputs of more tokens than this.</summary>
    public required long Over { get; init; }

    /// <summary>Input tokens that came from no cache.</summary>
    public required decimal Input { get; init; }

    /// <summary>Input tokens that the provider had in its cache; as <see cref="Input"/> when null.</summary>
    public decimal? CachedInput { get; init; }

    /// <summary>Output tokens.</summary>
    public required decimal Output { get; init; }
}
