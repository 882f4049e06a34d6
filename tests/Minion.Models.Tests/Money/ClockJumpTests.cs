using Microsoft.Extensions.DependencyInjection;
using Minion.Models.Money;
using Minion.Testing.OpenAi;
using Minion.Testing.Time;

namespace Minion.Models.Tests.Money;

public sealed class ClockJumpTests(MoneyDatabase fixture) : IClassFixture<MoneyDatabase>
{
    [Fact]
    public async Task A_clock_that_jumps_ahead_and_back_neither_overspends_a_period_nor_leaves_a_reservation()
    {
        await using var fake = await FakeOpenAi.StartAsync();
        var release = new TaskCompletionSource();
        fake.Otherwise = async exchange =>
        {
            await release.Task;
            await Replies.Answer(new FakeAnswer { Text = "x", InputTokens = 0, OutputTokens = 1 })(exchange);
        };
        // From noon on: a day shall not end by itself meanwhile.
        var noon = TimeSpan.FromHours(12) - TimeProvider.System.GetUtcNow().TimeOfDay;
        var clock = new JumpingClock(TimeProvider.System) { Ahead = noon };
        await using var host = await MoneyHost.StartAsync(fixture.Database, services => services.AddSingleton<TimeProvider>(clock));
        await host.SetAsync("jumps", 2, period: BudgetPeriod.Day);

        var today = AskAsync();
        await Eventually.BecomesAsync(() => fake.Requests.Count, n => n == 1);
        clock.Ahead = noon + TimeSpan.FromDays(40);
        var (later, alsoLater) = (AskAsync(), AskAsync());
        await Eventually.BecomesAsync(() => fake.Requests.Count, n => n == 3);
        (await AskAsync()).ShouldBe("OVER_BUDGET", "that day's two are reserved");
        clock.Ahead = noon - TimeSpan.FromDays(1);
        clock.Ahead = noon;
        release.SetResult();

        (await Task.WhenAll(today, later, alsoLater)).ShouldAllBe(o => o == "answered");
        (await AskAsync()).ShouldBe("answered", "today has one left");
        (await AskAsync()).ShouldBe("OVER_BUDGET");
        var state = await Eventually.BecomesAsync(() => host.StateAsync("jumps"), s => s.Reserved == 0);
        state.Used.ShouldBe(2);
        clock.Ahead = noon + TimeSpan.FromDays(40);
        var that = await Eventually.BecomesAsync(() => host.StateAsync("jumps"), s => s.Reserved == 0);
        that.Used.ShouldBe(2);

        async Task<string> AskAsync()
        {
            try
            {
                await host.AskAsync(MoneyHost.Model(fake.Url), MoneyHost.Call("jumps"));
                return "answered";
            }
            catch (ModelException error)
            {
                return error.Reason;
            }
        }
    }
}
