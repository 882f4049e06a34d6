using Minion.Models.Money;
using Minion.Testing.OpenAi;

namespace Minion.Models.Tests.Money;

public sealed class ReservedTests(MoneyDatabase fixture) : IClassFixture<MoneyDatabase>
{
    private static readonly FakeAnswer OneToken = new() { Text = "x", InputTokens = 0, OutputTokens = 1 };

    [Fact]
    public async Task A_run_outlives_what_a_dead_process_had_reserved()
    {
        await using var fake = await FakeOpenAi.StartAsync();
        fake.Otherwise = Replies.Answer(OneToken);
        await using var patient = await MoneyHost.StartAsync(fixture.Database, ("Models:Costs:Lease", "00:10:00"));
        var budget = await patient.SetAsync("killed", 40);
        var store = patient.Get<LedgerStore>();
        var dead = Guid.CreateVersion7();
        await store.HeartbeatAsync(dead, "gone", isNew: true, default);
        await store.ReserveAsync(dead, "killed", [new Need(new AccountKey("killed", budget.Id, "", Periods.Beginning), budget, 40)], default);

        // Its own lease is one that also a busy machine keeps.
        await using var host = await MoneyHost.StartAsync(fixture.Database, ("Models:Costs:Heartbeat", "00:00:00.2"), ("Models:Costs:Lease", "00:00:04"));
        var answer = await host.AskAsync(MoneyHost.Model(fake.Url), MoneyHost.Call("killed", run: Guid.CreateVersion7()));

        answer.Text.ShouldBe("x");
        (await Eventually.BecomesAsync(() => host.StateAsync("killed"), s => s.Reserved == 0)).Used.ShouldBe(1);
    }

    [Fact]
    public async Task A_run_waits_for_calls_under_way_and_a_direct_call_hears_when_to_try_again()
    {
        await using var fake = await FakeOpenAi.StartAsync();
        var release = new TaskCompletionSource();
        fake.Otherwise = async exchange =>
        {
            await release.Task;
            await Replies.Answer(OneToken)(exchange);
        };
        await using var host = await MoneyHost.StartAsync(fixture.Database);
        await host.SetAsync("busy", 2.5m);
        var model = MoneyHost.Model(fake.Url, maxOutput: 2);
        var first = host.AskAsync(model, MoneyHost.Call("busy"));
        await Eventually.BecomesAsync(() => fake.Requests.Count, n => n == 1);

        var run = host.AskAsync(MoneyHost.Model(fake.Url), MoneyHost.Call("busy", run: Guid.CreateVersion7()));
        var error = await Should.ThrowAsync<ModelException>(() => host.AskAsync(MoneyHost.Model(fake.Url), MoneyHost.Call("busy")));

        error.Kind.ShouldBe(ModelErrorKind.OverBudget);
        error.RetryAfter.ShouldBe(TimeSpan.FromSeconds(1));
        error.Message.ShouldContain("reserved by calls under way");
        fake.Requests.Count.ShouldBe(1);
        release.SetResult();
        (await first).Text.ShouldBe("x");
        (await run).Text.ShouldBe("x");
    }

    [Fact]
    public async Task A_run_waits_no_longer_than_to_its_deadline()
    {
        await using var fake = await FakeOpenAi.StartAsync();
        await using var host = await MoneyHost.StartAsync(fixture.Database);
        var budget = await host.SetAsync("deadline", 1);
        var store = host.Get<LedgerStore>();
        var other = Guid.CreateVersion7();
        await store.HeartbeatAsync(other, "there", isNew: true, default);
        await store.ReserveAsync(other, "deadline", [new Need(new AccountKey("deadline", budget.Id, "", Periods.Beginning), budget, 1)], default);
        var call = MoneyHost.Call("deadline", run: Guid.CreateVersion7()) with { Deadline = DateTimeOffset.UtcNow.AddSeconds(3) };

        var error = await Should.ThrowAsync<ModelException>(() => host.AskAsync(MoneyHost.Model(fake.Url), call));

        error.Kind.ShouldBe(ModelErrorKind.OverBudget);
        fake.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_run_does_not_wait_for_what_is_spent()
    {
        await using var fake = await FakeOpenAi.StartAsync();
        fake.Otherwise = Replies.Answer(OneToken);
        await using var host = await MoneyHost.StartAsync(fixture.Database);
        await host.SetAsync("spent", 1);
        await host.AskAsync(MoneyHost.Model(fake.Url), MoneyHost.Call("spent"));
        await Eventually.BecomesAsync(() => host.StateAsync("spent"), s => s.Used == 1);

        var error = await Should.ThrowAsync<ModelException>(() => host.AskAsync(MoneyHost.Model(fake.Url), MoneyHost.Call("spent", run: Guid.CreateVersion7())));

        error.RetryAfter.ShouldBeNull();
    }
}
