namespace Minion.Models.Money;

/// <summary>What a caller is told whose budget is spent.</summary>
internal static class Refusals
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    public static ModelException OverBudget(Need need, decimal amount, decimal used, decimal reserved) => new(
        ModelErrorKind.OverBudget, Message(need, amount, used, reserved),
        amount == 0 ? "Raise the budget, or delete it."
            : need.Budget.Period == BudgetPeriod.Total ? "Raise the budget."
            : "Wait for the next period, lower max_output_tokens, use a cheaper model, or raise the budget.");

    /// <summary>It would be enough, were it not for what calls under way may use yet.</summary>
    public static ModelException Reserved(Need need, decimal amount, decimal used, decimal reserved) => new(
        ModelErrorKind.OverBudget, $"{Message(need, amount, used, reserved)} What is missing is only reserved by calls under way, and mostly free again when they end.",
        "Try again in a second, lower max_output_tokens, or raise the budget.", Soon);

    /// <summary>Whether it is a refusal that <see cref="Reserved"/> made.</summary>
    public static bool IsOfReserved(ModelException error) => error is { Kind: ModelErrorKind.OverBudget, RetryAfter: not null };

    private static string Message(Need need, decimal amount, decimal used, decimal reserved)
    {
        var budget = need.Budget;
        var what = BudgetTexts.Describe(budget.Scope, need.Key.Subject, budget.Period);
        var resets = Periods.End(budget.Period, need.Key.Start) is { } end ? $"; it begins anew at {end:yyyy-MM-dd HH:mm} UTC" : "";
        return amount == 0
            ? $"The call is refused: {what} is zero."
            : $"The call is refused: {what} is {BudgetTexts.Amount(budget.Unit, amount)}, of which {BudgetTexts.Amount(budget.Unit, used)} are used and "
                + $"{BudgetTexts.Amount(budget.Unit, reserved)} reserved; the call may need {BudgetTexts.Amount(budget.Unit, need.Amount)}{resets}.";
    }
}
