using Minion.Contracts.Models.V1;

namespace Minion.Edge.Tests.OpenAi;

/// <summary>Two clients with a key each, one of them over its budget.</summary>
[Collection(ServerCollection.Name)]
public sealed class BudgetTests(ServerFixture server)
{
    [Fact]
    public async Task A_client_over_its_budget_hears_of_an_empty_account_and_the_other_of_nothing()
    {
        var budget = new Budget { Scope = BudgetScope.User, Subject = "user:bob", Unit = BudgetUnit.Tokens, Period = BudgetPeriod.Day, Amount = "0" };
        var set = await server.Budgets.SetBudgetAsync(new SetBudgetRequest { Budget = budget }, server.Owner, cancellationToken: TestContext.Current.CancellationToken);
        try
        {
            var refused = await NodeClient.PlayAsync(server.Url, ServerFixture.BobKey, "failure");
            (refused.GetProperty("status").GetInt32(), refused.GetProperty("type").GetString(), refused.GetProperty("code").GetString(), refused.GetProperty("retry").GetString())
                .ShouldBe((429, "insufficient_quota", "insufficient_quota", "false"));
            (await NodeClient.PlayAsync(server.Url, ServerFixture.AdaKey, "chat")).GetProperty("text").GetString().ShouldBe("Hello from the fake endpoint.");
        }
        finally
        {
            await server.Budgets.DeleteBudgetAsync(new DeleteBudgetRequest { Id = set.Budget.Id }, server.Owner);
        }
    }
}
