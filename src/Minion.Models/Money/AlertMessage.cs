namespace Minion.Models.Money;

/// <summary>What is posted to a budget's webhook.</summary>
internal sealed record AlertMessage(
    string Event, Guid Id, string Tenant, Guid BudgetId, string Scope, string Subject, string Unit, string Period, DateOnly PeriodStartsOn, int Percent, decimal Used,
    decimal Amount, bool Hard, DateTimeOffset At)
{
    public static AlertMessage Of(BudgetAlert alert) => new(
        "budget.alert", alert.Id, alert.Tenant, alert.Budget, alert.Scope, alert.Subject, alert.Unit, alert.Period, alert.StartsOn, alert.Percent, alert.Used,
        alert.Amount, alert.Hard, alert.At);
}
