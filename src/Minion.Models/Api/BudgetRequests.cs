using Minion.Contracts.Faults;
using Minion.Models.Money;
using Wire = Minion.Contracts.Models.V1;

namespace Minion.Models.Api;

/// <summary>Checks budgets that callers send: everything that is wrong at once.</summary>
internal static class BudgetRequests
{
    private const int LongestSubject = 200;
    private const int LongestUrl = 2000;

    /// <exception cref="Fault">INVALID_ARGUMENT with all fields.</exception>
    public static Budget Read(Wire.Budget? budget)
    {
        var violations = new Violations();
        if (!violations.Check(budget is not null, "budget", "is missing."))
        {
            throw violations.ToFault();
        }

        var scope = Named<BudgetScope>((int)budget!.Scope, "budget.scope", violations);
        var amount = Numbers.Amount(budget.Amount);
        violations.Check(
            amount is not null, "budget.amount", $"'{Texts.Shorten(budget.Amount)}' is not an amount: a decimal number from 0 to 100000000000 with at most 12 decimals, such as 12.50.");
        violations.Check(
            budget.Unit != Wire.BudgetUnit.Tokens || amount is null || amount == decimal.Truncate(amount.Value), "budget.amount", "must be a whole number of tokens.");
        var unit = Named<BudgetUnit>((int)budget.Unit, "budget.unit", violations);
        var period = Named<BudgetPeriod>((int)budget.Period, "budget.period", violations);
        var subject = scope == BudgetScope.User && budget.Subject != Budget.Each ? Users.Principal(budget.Subject) : budget.Subject;
        CheckSubject(scope, subject, violations);
        CheckWebhook(budget.WebhookUrl, violations);
        violations.ThrowIfAny();
        return new Budget(Guid.CreateVersion7(), scope, subject, unit, period, amount!.Value, !budget.Soft, budget.WebhookUrl);
    }

    /// <exception cref="Fault">INVALID_ARGUMENT.</exception>
    public static Guid Id(string text)
    {
        var violations = new Violations();
        violations.Check(Guid.TryParse(text, out var id), "id", $"'{Texts.Shorten(text)}' is not the id of a budget; ListBudgets (`minion budget list`) gives the ids.");
        violations.ThrowIfAny();
        return id;
    }

    private static T Named<T>(int value, string field, Violations violations)
        where T : struct, Enum
    {
        var known = Enum.IsDefined((T)(object)value);
        violations.Check(known, field, $"is missing; allowed: {string.Join(", ", Enum.GetNames<T>().Select(n => n.ToLowerInvariant()))}.");
        return known ? (T)(object)value : default;
    }

    private static void CheckSubject(BudgetScope scope, string subject, Violations violations)
    {
        const string field = "budget.subject";
        if (scope == BudgetScope.Tenant)
        {
            violations.Check(subject.Length == 0, field, "must be empty: the budget is of the whole tenant.");
        }
        else if (scope != default)
        {
            violations.Check(
                subject.Length is > 0 and <= LongestSubject && !subject.Any(char.IsControl), field,
                $"is missing: which {scope.Name()} (at most {LongestSubject} characters), or '{Budget.Each}' for each one.");
            violations.Check(scope != BudgetScope.Run || subject == Budget.Each || Guid.TryParse(subject, out _), field, "must be the id of a run, or '*' for each run.");
        }
    }

    private static void CheckWebhook(string url, Violations violations) => violations.Check(
        url.Length == 0 || (url.Length <= LongestUrl && Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0),
        "budget.webhook_url", "must be an http or https address without a name and password.");
}
