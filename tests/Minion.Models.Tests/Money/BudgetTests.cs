using Minion.Models.Money;
using Minion.Testing.OpenAi;

namespace Minion.Models.Tests.Money;

public sealed class BudgetTests(MoneyDatabase fixture) : IClassFixture<MoneyDatabase>
{
    private static readonly FakeAnswer OneToken = new() { Text = "x", InputTokens = 0, OutputTokens = 1 };

    [Fact]
    public async Task A_hundred_concurrent_calls_against_a_budget_for_forty_let_exactly_forty_through()
    {
        await using var fake = await FakeOpenAi.StartAsync();
        var release = new TaskCompletionSource();
        fake.Otherwise = async exchange =>
        {
            await release.Task;
            await Replies.Answer(OneToken)(exchange);
        };
        await using var host = await MoneyHost.StartAsync(fixture.Database);
        await host.SetAsync("forty", 40);

        var calls = Enumerable.Range(0, 100).Select(_ => OutcomeAsync(host, fake, "forty")).ToList();
        await Eventually.BecomesAsync(() => calls.Count(c => c.IsCompleted) + fake.Requests.Count, n => n == 100);
        release.SetResult();
        var outcomes = await Task.WhenAll(calls);

        outcomes.Count(o => o == "answered").ShouldBe(40);
        outcomes.Count(o => o == "OVER_BUDGET").ShouldBe(60);
        fake.Requests.Count.ShouldBe(40);
        var state = await Eventually.BecomesAsync(() => host.StateAsync("forty"), s => s.Reserved == 0);
        state.Used.ShouldBe(40);
    }

    [Fact]
    public async Task So_do_two_processes_on_one_database()
    {
        await using var fake = await FakeOpenAi.StartAsync();
        fake.Otherwise = Replies.Answer(OneToken);
        await using var first = await MoneyHost.StartAsync(fixture.Database);
        await using var second = await MoneyHost.StartAsync(fixture.Database);
        await first.SetAsync("two", 40);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => OutcomeAsync(i % 2 == 0 ? first : second, fake, "two")));

        outcomes.Count(o => o == "answered").ShouldBe(40);
        outcomes.Count(o => o == "OVER_BUDGET").ShouldBe(60);
        (await Eventually.BecomesAsync(() => first.StateAsync("two"), s => s.Reserved == 0)).Used.ShouldBe(40);
    }

    [Fact]
    public async Task A_large_budget_is_spent_to_its_end_by_two_processes_that_hold_chunks_of_it()
    {
        await using var fake = await FakeOpenAi.StartAsync();
        fake.Otherwise = Replies.Answer(OneToken);
        await using var first = await MoneyHost.StartAsync(fixture.Database);
        await using var second = await MoneyHost.StartAsync(fixture.Database);
        await first.SetAsync("large", 600);

        (await OutcomeAsync(first, fake, "large")).ShouldBe("answered");
        (await OutcomeAsync(second, fake, "large")).ShouldBe("answered");
        (await first.StateAsync("large")).Reserved.ShouldBeGreaterThan(2, "a chunk was taken");
        var outcomes = new List<string>();
        for (var round = 0; round < 14; round++)
        {
            outcomes.AddRange(await Task.WhenAll(Enumerable.Range(0, 50).Select(i => OutcomeAsync(i % 3 == 0 ? first : second, fake, "large"))));
        }

        outcomes.Count(o => o == "answered").ShouldBe(598);
        (await Eventually.BecomesAsync(() => first.StateAsync("large"), s => s.Reserved == 0)).Used.ShouldBe(600);
    }

    [Fact]
    public async Task A_provider_that_ignores_the_limit_of_its_answer_spends_a_budget_once()
    {
        await using var fake = await FakeOpenAi.StartAsync();
        fake.Otherwise = Replies.Answer(new FakeAnswer { Text = "x", InputTokens = 0, OutputTokens = 50_000 });
        await using var host = await MoneyHost.StartAsync(fixture.Database);
        await host.SetAsync("ignores", 1);
        var model = MoneyHost.Model(fake.Url, output: 10, maxOutput: 10);

        await host.AskAsync(model, MoneyHost.Call("ignores"));
        await host.AskAsync(model, MoneyHost.Call("ignores"));
        for (var i = 0; i < 2; i++)
        {
            (await Should.ThrowAsync<ModelException>(() => host.AskAsync(model, MoneyHost.Call("ignores")))).Kind.ShouldBe(ModelErrorKind.OverBudget);
        }

        var state = await Eventually.BecomesAsync(() => host.StateAsync("ignores"), s => s.Reserved == 0);
        state.Used.ShouldBe(1);
    }

    [Fact]
    public async Task A_refusal_names_the_budget_and_what_is_left_of_it()
    {
        await using var fake = await FakeOpenAi.StartAsync();
        fake.Otherwise = Replies.Answer(OneToken);
        await using var host = await MoneyHost.StartAsync(fixture.Database);
        await host.SetAsync("refused", 1.5m, BudgetScope.Agent, "helper", period: BudgetPeriod.Month);
        await host.AskAsync(MoneyHost.Model(fake.Url), MoneyHost.Call("refused"));

        var error = await Should.ThrowAsync<ModelException>(() => host.AskAsync(MoneyHost.Model(fake.Url), MoneyHost.Call("refused")));

        error.Kind.ShouldBe(ModelErrorKind.OverBudget);
        error.Message.ShouldContain("the budget of agent 'helper' for a month is 1.50 USD");
        error.Message.ShouldContain("the call may need 1.00 USD; it begins anew at");
        (await host.AskAsync(MoneyHost.Model(fake.Url), MoneyHost.Call("refused", agent: "other"))).Text.ShouldBe("x");
    }

    [Fact]
    public async Task A_refusal_on_a_total_says_to_raise_it_and_not_to_wait()
    {
        await using var fake = await FakeOpenAi.StartAsync();
        await using var host = await MoneyHost.StartAsync(fixture.Database);
        await host.SetAsync("total", 0.5m);

        var error = await Should.ThrowAsync<ModelException>(() => host.AskAsync(MoneyHost.Model(fake.Url), MoneyHost.Call("total")));

        error.Message.ShouldEndWith("the call may need 1.00 USD.");
        error.Hint.ShouldBe("Raise the budget.");
    }

    [Fact]
    public async Task A_budget_of_zero_refuses_also_what_costs_nothing()
    {
        await using var fake = await FakeOpenAi.StartAsync();
        await using var host = await MoneyHost.StartAsync(fixture.Database);
        await host.SetAsync("zero", 0);

        var error = await Should.ThrowAsync<ModelException>(() => host.AskAsync(MoneyHost.Model(fake.Url, 0, 0), MoneyHost.Call("zero")));

        error.Kind.ShouldBe(ModelErrorKind.OverBudget);
        error.Message.ShouldContain("is zero");
        fake.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_soft_budget_refuses_nothing_and_counts_everything()
    {
        await using var fake = await FakeOpenAi.StartAsync();
        fake.Otherwise = Replies.Answer(OneToken);
        await using var host = await MoneyHost.StartAsync(fixture.Database);
        await host.SetAsync("soft", 1, hard: false);

        for (var i = 0; i < 3; i++)
        {
            (await OutcomeAsync(host, fake, "soft")).ShouldBe("answered");
        }

        (await Eventually.BecomesAsync(() => host.StateAsync("soft"), s => s.Used == 3)).Alerted.ShouldBe(100);
    }

    [Fact]
    public async Task A_call_without_a_limit_reserves_for_the_models_longest_answer()
    {
        await using var fake = await FakeOpenAi.StartAsync();
        fake.Otherwise = Replies.Answer(OneToken);
        await using var host = await MoneyHost.StartAsync(fixture.Database);
        await host.SetAsync("longest", 500, unit: BudgetUnit.Tokens);

        (await Should.ThrowAsync<ModelException>(() => host.AskAsync(MoneyHost.Model(fake.Url, maxOutput: 1000), MoneyHost.Call("longest"))))
            .Kind.ShouldBe(ModelErrorKind.OverBudget);
        (await host.AskAsync(MoneyHost.Model(fake.Url, maxOutput: 100), MoneyHost.Call("longest"))).Text.ShouldBe("x");
    }

    [Fact]
    public async Task Each_user_has_a_budget_of_its_own_under_a_star()
    {
        await using var fake = await FakeOpenAi.StartAsync();
        fake.Otherwise = Replies.Answer(OneToken);
        await using var host = await MoneyHost.StartAsync(fixture.Database);
        await host.SetAsync("star", 1, BudgetScope.User, Budget.Each);

        (await OutcomeAsync(host, fake, "star")).ShouldBe("answered");
        (await OutcomeAsync(host, fake, "star")).ShouldBe("OVER_BUDGET");
        (await OutcomeAsync(host, fake, "star", "user:bob")).ShouldBe("answered");
    }

    [Fact]
    public async Task What_a_dead_process_had_reserved_is_given_back_after_its_lease()
    {
        // Nobody takes anybody for dead before the reservation is seen.
        await using var patient = await MoneyHost.StartAsync(fixture.Database, ("Models:Costs:Lease", "00:10:00"));
        var budget = await patient.SetAsync("dead", 40);
        var dead = Guid.CreateVersion7();
        await patient.Get<LedgerStore>().HeartbeatAsync(dead, "gone", isNew: true, default);
        var key = new AccountKey("dead", budget.Id, "", Periods.Beginning);
        (await patient.Get<LedgerStore>().ReserveAsync(dead, "dead", [new Need(key, budget, 30)], default)).ShouldHaveSingleItem().Granted.ShouldBe(30);
        (await patient.StateAsync("dead")).Reserved.ShouldBe(30);

        await using var host = await MoneyHost.StartAsync(fixture.Database, ("Models:Costs:Heartbeat", "00:00:00.2"), ("Models:Costs:Lease", "00:00:01"));
        var store = host.Get<LedgerStore>();
        await Eventually.BecomesAsync(() => host.StateAsync("dead"), s => s.Reserved == 0);

        (await Should.ThrowAsync<Npgsql.PostgresException>(() => store.ReserveAsync(dead, "dead", [new Need(key, budget, 1)], default)))
            .SqlState.ShouldBe(LedgerStore.HolderIsDead);
    }

    [Fact]
    public async Task A_batch_whose_answer_was_lost_is_not_counted_twice()
    {
        await using var host = await MoneyHost.StartAsync(fixture.Database);
        var budget = await host.SetAsync("twice", 100);
        var store = host.Get<LedgerStore>();
        var holder = Guid.CreateVersion7();
        await store.HeartbeatAsync(holder, "here", isNew: true, default);
        var key = new AccountKey("twice", budget.Id, "", Periods.Beginning);
        await store.ReserveAsync(holder, "twice", [new Need(key, budget, 10)], default);
        UsageRecord[] usage = [new() { Tenant = "twice", Id = Guid.CreateVersion7(), At = DateTimeOffset.UtcNow, Kind = "chat", Principal = "p", Outcome = "succeeded", CostUsd = 7 }];

        for (var i = 0; i < 2; i++)
        {
            await store.SettleAsync(holder, 1, usage, [new AccountChange(key, 7, 10, false)], default);
        }

        var state = await host.StateAsync("twice");
        state.Used.ShouldBe(7);
        state.Reserved.ShouldBe(0);
        await store.ReleaseAsync(holder, default);
        await store.SettleAsync(holder, 2, usage, [new AccountChange(key, 7, 10, false)], default);
        (await host.StateAsync("twice")).Used.ShouldBe(7);
    }

    [Fact]
    public async Task Alerts_come_once_for_each_level_in_a_period()
    {
        await using var host = await MoneyHost.StartAsync(fixture.Database);
        var budget = await host.SetAsync("alerts", 100);
        var store = host.Get<LedgerStore>();
        var holder = Guid.CreateVersion7();
        await store.HeartbeatAsync(holder, "here", isNew: true, default);
        var key = new AccountKey("alerts", budget.Id, "", Periods.Beginning);
        var levels = new List<int[]>();
        foreach (var (used, batch) in new[] { 79m, 1m, 5m, 14.5m, 0.4m, 0.1m, 50m }.Select((u, i) => (u, i + 1)))
        {
            var alerts = await store.SettleAsync(holder, batch, [], [new AccountChange(key, used, 0, false)], default);
            levels.Add([.. alerts.Select(a => a.Percent).Order()]);
        }

        levels.ShouldBe([[], [80], [], [90], [], [100], []]);
    }

    private static async Task<string> OutcomeAsync(MoneyHost host, FakeOpenAi fake, string tenant, string user = "user:ada")
    {
        try
        {
            await host.AskAsync(MoneyHost.Model(fake.Url), MoneyHost.Call(tenant, user));
            return "answered";
        }
        catch (ModelException error)
        {
            return error.Reason;
        }
    }
}
