using Microsoft.Extensions.AI;
using Minion.Models.Money;

namespace Minion.Models.Tests.Money;

public sealed class PricesTests
{
    private static readonly ModelPrice Price = new() { Input = 2, CachedInput = 0.5m, CacheWrite = 2.5m, Output = 8, Reasoning = 10 };

    [Theory]
    [InlineData(1_000_000, 0, 0, 0, 0, "2")]
    [InlineData(1_000_000, 400_000, 0, 0, 0, "1.4")]
    [InlineData(1_000_000, 400_000, 100_000, 0, 0, "1.45")]
    [InlineData(0, 0, 0, 1_000_000, 0, "8")]
    [InlineData(0, 0, 0, 1_000_000, 250_000, "8.5")]
    [InlineData(1, 0, 0, 0, 0, "0.000002")]
    [InlineData(10, 50, 0, 0, 0, "0.000005")]
    [InlineData(-5, 0, 0, -1, 0, "0")]
    public void Cached_and_reasoning_tokens_are_priced_apart(long input, long cached, long written, long output, long reasoning, string usd) =>
        Prices.Cost(Price, new UsageDetails
        {
            InputTokenCount = input,
            CachedInputTokenCount = cached,
            OutputTokenCount = output,
            ReasoningTokenCount = reasoning,
            AdditionalCounts = new() { [Prices.CacheWriteCount] = written },
        }).ShouldBe(decimal.Parse(usd));

    [Fact]
    public void A_long_input_has_the_price_of_long_inputs_for_all_of_it()
    {
        var price = Price with { LongContext = new LongContextPrice { Over = 200, Input = 4, Output = 16 } };

        Prices.Cost(price, new UsageDetails { InputTokenCount = 200, OutputTokenCount = 10 }).ShouldBe(0.00048m);
        Prices.Cost(price, new UsageDetails { InputTokenCount = 201, OutputTokenCount = 10 }).ShouldBe(0.000964m);
    }

    [Theory]
    [InlineData(1, "2026-11-20", "2026-11-21")]
    [InlineData(2, "2026-11-16", "2026-11-23")]
    [InlineData(3, "2026-11-01", "2026-12-01")]
    public void A_period_begins_at_midnight_and_ends_when_the_next_begins(int period, string start, string end)
    {
        var at = new DateTimeOffset(2026, 11, 20, 23, 59, 59, TimeSpan.Zero);

        Periods.Start((BudgetPeriod)period, at).ShouldBe(DateOnly.Parse(start));
        Periods.End((BudgetPeriod)period, DateOnly.Parse(start)).ShouldBe(new DateTimeOffset(DateOnly.Parse(end), default, TimeSpan.Zero));
        Periods.Start((BudgetPeriod)period, Periods.End((BudgetPeriod)period, DateOnly.Parse(start))!.Value).ShouldBe(DateOnly.Parse(end));
    }
}
