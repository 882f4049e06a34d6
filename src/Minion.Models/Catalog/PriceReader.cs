using Minion.Yaml;

namespace Minion.Models;

/// <summary>Reads a price: <c>{ input: 0.25, cached_input: 0.025, output: 2 }</c>, in USD for a million tokens.</summary>
public static class PriceReader
{
    /// <summary>What is missing when a price says too little.</summary>
    private const string Expected = "USD for a million tokens, such as 0.25";

    /// <summary>The price; null when there is none. What is wrong goes to the reader's problems.</summary>
    /// <param name="reader">The mapping.</param>
    /// <param name="highest">The highest price that makes sense.</param>
    public static ModelPrice? Read(MapReader? reader, decimal highest = 1_000_000)
    {
        if (reader is null)
        {
            return null;
        }

        var price = new ModelPrice
        {
            Input = Required(reader, "input", highest),
            CachedInput = reader.Amount("cached_input", 0, highest),
            CacheWrite = reader.Amount("cache_write", 0, highest),
            Output = Required(reader, "output", highest),
            Reasoning = reader.Amount("reasoning", 0, highest),
            LongContext = Long(reader.Mapping("long_context"), highest),
        };
        reader.Done();
        return price;
    }

    private static LongContextPrice? Long(MapReader? reader, decimal highest)
    {
        if (reader is null)
        {
            return null;
        }

        reader.Require("over", "the number of input tokens above which it holds");
        var price = new LongContextPrice
        {
            Over = reader.Whole("over", 1, int.MaxValue) ?? 0,
            Input = Required(reader, "input", highest),
            CachedInput = reader.Amount("cached_input", 0, highest),
            Output = Required(reader, "output", highest),
        };
        reader.Done();
        return price;
    }

    private static decimal Required(MapReader reader, string key, decimal highest)
    {
        reader.Require(key, Expected);
        return reader.Amount(key, 0, highest) ?? 0;
    }
}
