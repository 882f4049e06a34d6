namespace Minion.Models.Money;

/// <summary>What a caller is told whose budget is spent.</summary>
internal static class Refusals
{
    public static ModelException OverBudget(Need need, decimal amount, decimal used, decimal reserved)
    {
        var budget = need.Budget;
        var what = BudgetTexts.Describe(budget.Scope, need.Key.Subject, budget.Period);
        var resets = Periods.End(budget.Period, need.Key.Start) is { } end ? $"; it begins anew at {end:yyyy-MM-dd HH:mm} UTC" : "";
        var message = amount == 0
            ? $"The call is refused: {what} is zero."
            : $"The call is refused: {what} is {BudgetTexts.Amount(budget.Unit, amount)}, of which {BudgetTexts.Amount(budget.Unit, used)} are used and "
                + $"{BudgetTexts.Amount(budget.Unit, reserved)} reserved; the call may need {BudgetTexts.Amount(budget.Unit, need.Amount)}{resets}.";
        return new ModelException(
            ModelErrorKind.OverBudget, message,
            amount == 0 ? "Raise the budget, or delete it."
            : budget.Period == BudgetPeriod.Total ? "Raise the budget."
            : "Wait for the next period, lower max_output_tokens, use a cheaper model, or raise the budget.");
    }
}
