using Minion.Models.Resilience;
using Minion.Testing.Time;

namespace Minion.Models.Tests.Resilience;

public sealed class RateWindowTests
{
    private static readonly Quota Calls = new("tenant", "tenant:a:calls", 10, IsTokens: false);
    private static readonly Quota Tokens = new("user", "user:a/b:tokens", 1_000, IsTokens: true);
    private readonly ManualTime _time = new();
    private readonly LocalRateCounters _counters;

    public RateWindowTests() => _counters = new LocalRateCounters(_time);

    [Theory]
    [InlineData(0, 9, 0, 0)]
    [InlineData(0, 10, 0, 66_000)] // 9 of 10 are left when a tenth of the next minute has passed
    [InlineData(30_000, 10, 0, 36_000)]
    [InlineData(0, 0, 10, 6_000)]
    [InlineData(6_000, 0, 10, 0)]
    [InlineData(30_000, 5, 10, 6_000)]
    public void A_counter_is_full_until_enough_of_it_has_faded(int passed, int current, int before, int wait) =>
        new RateWindow(7, current, before).WaitFor(1, 10, (7 * 60_000) + passed).ShouldBe(TimeSpan.FromMilliseconds(wait));

    [Fact]
    public void After_the_wait_that_it_names_there_is_room()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var window = new RateWindow(3, random.Next(0, 40), random.Next(0, 40));
            var (amount, limit, now) = (random.Next(1, 12), random.Next(1, 30), (3 * 60_000L) + random.Next(0, 60_000));
            var later = now + (long)window.WaitFor(amount, limit, now).TotalMilliseconds;

            window.At(later).WaitFor(amount, limit, later).ShouldBe(TimeSpan.Zero, $"seed {seed}: {window}, {amount} of {limit} at {now}");
        }
    }

    [Fact]
    public async Task All_counters_are_taken_from_or_none_is()
    {
        var token = TestContext.Current.CancellationToken;
        (await _counters.TakeAsync([Calls, Tokens], 900, token)).Refusing.ShouldBeNull();
        (await _counters.TakeAsync([Calls, Tokens], 200, token)).Refusing.ShouldBe(Tokens);

        for (var i = 0; i < 9; i++)
        {
            (await _counters.TakeAsync([Calls], 0, token)).Refusing.ShouldBeNull($"call {i}: the refused one took nothing");
        }

        (await _counters.TakeAsync([Calls], 0, token)).Refusing.ShouldBe(Calls);
    }

    [Fact]
    public async Task Tokens_that_were_not_used_are_given_back()
    {
        var token = TestContext.Current.CancellationToken;
        await _counters.TakeAsync([Tokens], 900, token);
        await _counters.SettleAsync([Tokens], -800);

        (await _counters.TakeAsync([Tokens], 850, token)).Refusing.ShouldBeNull();
    }

    [Fact]
    public async Task A_request_larger_than_the_limit_goes_alone() =>
        (await _counters.TakeAsync([Tokens], 5_000, TestContext.Current.CancellationToken)).Refusing.ShouldBeNull();

    [Fact]
    public async Task Exactly_the_limit_gets_through_however_many_come_at_once()
    {
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => _counters.TakeAsync([Calls], 0, CancellationToken.None))));

        verdicts.Count(v => v.Refusing is null).ShouldBe(10);
    }

    [Fact]
    public async Task Counters_that_nobody_uses_are_forgotten()
    {
        for (var i = 0; i < 5_000; i++)
        {
            await _counters.TakeAsync([Calls with { Name = $"tenant:{i}" }], 0, CancellationToken.None);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _counters.Count.ShouldBeLessThan(1_100);
    }
}
