namespace Minion.Models.Money;

/// <summary>Whose spending a budget bounds.</summary>
internal enum BudgetScope
{
    Tenant = 1,
    User,
    Agent,
    Run,
}

/// <summary>What a budget counts.</summary>
internal enum BudgetUnit
{
    Usd = 1,
    Tokens,
}

/// <summary>After what a budget begins anew.</summary>
internal enum BudgetPeriod
{
    Day = 1,
    Week,
    Month,
    Total,
}

/// <summary>A sum that may be spent in each period.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Scope">Whose spending it bounds.</param>
/// <param name="Subject">Which user (principal), agent or run; <see cref="Each"/> is each for itself; empty for the tenant.</param>
/// <param name="Unit">What it counts.</param>
/// <param name="Period">After what it begins anew, at midnight UTC; weeks begin on Mondays.</param>
/// <param name="Amount">How much, in the unit.</param>
/// <param name="Hard">Whether calls beyond it are refused; else it only raises alerts.</param>
/// <param name="WebhookUrl">Where alerts are posted; empty for nowhere.</param>
internal sealed record Budget(
    Guid Id, BudgetScope Scope, string Subject, BudgetUnit Unit, BudgetPeriod Period, decimal Amount, bool Hard, string WebhookUrl)
{
    /// <summary>The subject that stands for each one of its scope.</summary>
    public const string Each = "*";

    /// <summary>Whose account a call is on; null when the budget does not bound it.</summary>
    public string? SubjectOf(ModelCall call)
    {
        var own = Scope switch
        {
            BudgetScope.Tenant => "",
            BudgetScope.User => call.Caller.Principal,
            BudgetScope.Agent => call.Agent,
            _ => call.Run?.ToString(),
        };
        return own is not null && (Scope == BudgetScope.Tenant || Subject == Each || Subject == own) ? own : null;
    }

    /// <summary>What of an estimate counts.</summary>
    public decimal Part(decimal usd, long tokens) => Unit == BudgetUnit.Usd ? usd : tokens;
}
