using Grpc.Core;
using Minion.Contracts.Models.V1;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Tests.Hosting;
using Minion.Testing.OpenAi;

namespace Minion.Orchestration.Tests.Costs;

/// <summary>Money over gRPC, with runs that spend it.</summary>
public sealed class CostTests(EngineDatabase database) : IClassFixture<EngineDatabase>, IAsyncLifetime
{
    private EngineHost _host = null!;
    private FakeOpenAi _endpoint = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await EngineHost.StartAsync(database.Database);
        _endpoint = await FakeOpenAi.StartAsync();
        _endpoint.Otherwise = Replies.Answer(new FakeAnswer { Text = "Done.", InputTokens = 1000, OutputTokens = 50 });
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _endpoint.DisposeAsync();
    }

    [Fact]
    public async Task A_run_says_what_it_cost_and_the_account_agrees()
    {
        var agent = await _host.PricedAgentAsync(_endpoint.Url, 1, 10);
        var run = await _host.UntilAsync((await _host.StartAsync(agent, "go")).Id, RunStatus.Completed);

        run.Usage.CostUsd.ShouldBe("0.0015");
        (await _host.Runs.ListEntriesAsync(new ListEntriesRequest { RunId = run.Id })).Entries.Single(e => e.Model is not null).Usage.CostUsd.ShouldBe("0.0015");
        var costs = await UntilAsync(new QueryCostsRequest { Group = CostGroup.Version, Agent = agent }, c => c.Rows.Count > 0);
        var row = costs.Rows.ShouldHaveSingleItem();
        (row.Key, row.CostUsd, row.Calls, row.InputTokens).ShouldBe(($"{agent}@1", "0.0015", 1L, 1000L));
        costs.Total.CostUsd.ShouldBe("0.0015");
        decimal.Parse(costs.Forecast.ForecastUsd).ShouldBeGreaterThan(0.0015m);
        (await _host.Costs.QueryCostsAsync(new QueryCostsRequest { Group = CostGroup.Run })).Rows.ShouldContain(r => r.Key == run.Id && r.CostUsd == "0.0015");
    }

    [Fact]
    public async Task A_run_ends_before_the_step_that_it_has_no_money_for()
    {
        _endpoint.Then(Replies.ToolCalls(1, new FakeToolCall("c1", "calculator", """{"expression":"6*7"}""")));
        var agent = await _host.PricedAgentAsync(_endpoint.Url, 1_000, 0, new Limits { MaxCostUsd = "0.001" }, "calculator");

        var run = await _host.UntilAsync((await _host.StartAsync(agent, "go")).Id, RunStatus.Failed);

        run.Error.Kind.ShouldBe("limit_exceeded");
        run.Error.Message.ShouldContain("max_cost_usd");
        run.Usage.ModelCalls.ShouldBe(1);
    }

    [Fact]
    public async Task A_run_over_its_budget_fails_with_what_the_budget_is()
    {
        var agent = await _host.PricedAgentAsync(_endpoint.Url, 1, 10);
        var set = (await _host.Budgets.SetBudgetAsync(new SetBudgetRequest
        {
            Budget = new Budget { Scope = BudgetScope.Agent, Subject = agent, Unit = BudgetUnit.Usd, Period = BudgetPeriod.Day, Amount = "0.0000010" },
        })).Budget;
        set.Amount.ShouldBe("0.000001");

        var run = await _host.UntilAsync((await _host.StartAsync(agent, "go")).Id, RunStatus.Failed);
        run.Error.Message.ShouldContain($"the budget of agent '{agent}' for a day is 0.000001 USD");

        (await _host.Budgets.ListBudgetsAsync(new ListBudgetsRequest())).Budgets.ShouldContain(b => b.Id == set.Id);
        await _host.Budgets.DeleteBudgetAsync(new DeleteBudgetRequest { Id = set.Id });
        (await Should.ThrowAsync<RpcException>(() => _host.Budgets.GetBudgetAsync(new GetBudgetRequest { Id = set.Id }).ResponseAsync)).StatusCode.ShouldBe(StatusCode.NotFound);
        await _host.UntilAsync((await _host.StartAsync(agent, "go")).Id, RunStatus.Completed);
    }

    [Fact]
    public async Task A_bare_name_is_that_of_a_user()
    {
        var agent = await _host.PricedAgentAsync(_endpoint.Url, 1, 10);
        var run = await _host.UntilAsync((await _host.StartAsync(agent, "go")).Id, RunStatus.Completed);
        var costs = await UntilAsync(new QueryCostsRequest { Group = CostGroup.User, Agent = agent, User = "owner" }, c => c.Rows.Count > 0);
        costs.Rows.ShouldHaveSingleItem().Key.ShouldBe("user:owner");
        (costs.Total.CostUsd, costs.Forecast.SpentUsd).ShouldBe((run.Usage.CostUsd, run.Usage.CostUsd));

        foreach (var (given, kept) in new[] { ("shop", "user:shop"), ("user:shop", "user:shop"), ("agent:shop", "agent:shop"), ("*", "*") })
        {
            var budget = new Budget { Scope = BudgetScope.User, Subject = given, Unit = BudgetUnit.Tokens, Period = BudgetPeriod.Day, Amount = "1000000000" };
            var set = (await _host.Budgets.SetBudgetAsync(new SetBudgetRequest { Budget = budget })).Budget;
            set.Subject.ShouldBe(kept);
            await _host.Budgets.DeleteBudgetAsync(new DeleteBudgetRequest { Id = set.Id });
        }
    }

    [Fact]
    public async Task Every_bad_field_of_a_budget_is_named_at_once()
    {
        var error = await Should.ThrowAsync<RpcException>(() => _host.Budgets.SetBudgetAsync(new SetBudgetRequest
        {
            Budget = new Budget { Scope = BudgetScope.User, Amount = "-1", Unit = BudgetUnit.Tokens, WebhookUrl = "ftp://x" },
        }).ResponseAsync);

        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        foreach (var field in new[] { "budget.subject", "budget.amount", "budget.period", "budget.webhook_url" })
        {
            error.Status.Detail.ShouldContain(field);
        }

        (await Should.ThrowAsync<RpcException>(() => _host.Costs.QueryCostsAsync(new QueryCostsRequest { Since = "yesterday", Limit = -1 }).ResponseAsync))
            .Status.Detail.ShouldContain("since");
    }

    [Fact]
    public async Task The_catalog_lists_models_with_prices()
    {
        var models = await _host.Catalog.ListCatalogModelsAsync(new ListCatalogModelsRequest { Provider = "openai", Tier = "moderate", Capabilities = { "tools" } });

        var model = models.Models.Single(m => m.Name == "openai/gpt-5-mini");
        (model.Price.Input, model.Price.CachedInput, model.Price.Output).ShouldBe(("0.25", "0.025", "2"));
        models.Models.ShouldAllBe(m => m.Tier == "moderate");
        (await Should.ThrowAsync<RpcException>(() => _host.Catalog.ListCatalogModelsAsync(new ListCatalogModelsRequest { Tier = "moderat" }).ResponseAsync))
            .Status.Detail.ShouldContain("did you mean 'moderate'?");
    }

    private Task<QueryCostsResponse> UntilAsync(QueryCostsRequest request, Func<QueryCostsResponse, bool> holds) =>
        Eventually.BecomesAsync(() => _host.Costs.QueryCostsAsync(request).ResponseAsync, holds, "the account to have it");
}
