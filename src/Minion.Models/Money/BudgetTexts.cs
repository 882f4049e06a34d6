using System.Globalization;

namespace Minion.Models.Money;

/// <summary>Budgets in the words of the store, the API and people.</summary>
internal static class BudgetTexts
{
    public static string Name(this BudgetScope scope) => scope.ToString().ToLowerInvariant();

    public static string Name(this BudgetUnit unit) => unit.ToString().ToLowerInvariant();

    public static string Name(this BudgetPeriod period) => period.ToString().ToLowerInvariant();

    public static string Amount(BudgetUnit unit, decimal amount) => unit == BudgetUnit.Usd
        ? string.Create(CultureInfo.InvariantCulture, $"{amount:0.00####} USD")
        : string.Create(CultureInfo.InvariantCulture, $"{amount:0} tokens");

    /// <summary>For example <c>the budget of agent 'helper' for a day</c>.</summary>
    public static string Describe(BudgetScope scope, string subject, BudgetPeriod period)
    {
        var whose = scope == BudgetScope.Tenant ? "the tenant" : $"{scope.Name()} '{subject}'";
        return period == BudgetPeriod.Total ? $"the budget of {whose}" : $"the budget of {whose} for a {period.Name()}";
    }
}
