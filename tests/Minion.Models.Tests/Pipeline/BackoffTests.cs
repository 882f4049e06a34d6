using Minion.Models.Pipeline;

namespace Minion.Models.Tests.Pipeline;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(0, 1.0, 2)]
    [InlineData(0, 0.0, 1)]
    [InlineData(1, 1.0, 4)]
    [InlineData(2, 1.0, 8)]
    [InlineData(3, 1.0, 16)]
    [InlineData(3, 0.5, 12)]
    public void Waits_double_and_are_shortened_by_up_to_half(int attempt, double random, double seconds) =>
        Backoff.Wait(attempt, retryAfter: null, random).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void What_the_endpoint_asks_for_is_waited() =>
        Backoff.Wait(0, TimeSpan.FromSeconds(7), random: 0).ShouldBe(TimeSpan.FromSeconds(7));
}
