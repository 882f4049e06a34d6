namespace Minion.Models.Money;

/// <summary>What is reserved for one call; not for several threads at once.</summary>
internal sealed class Reservation(ModelCall call, ModelDefinition model, IReadOnlyList<(AccountKey Key, Budget Budget)> accounts, TimeProvider time)
{
    public ModelCall Call => call;

    /// <summary>The model that it was made for.</summary>
    public ModelDefinition Model { get; set; } = model;

    /// <summary>Every account that the call is on, with soft budgets too.</summary>
    public IReadOnlyList<(AccountKey Key, Budget Budget)> Accounts => accounts;

    /// <summary>What is reserved, by account.</summary>
    public Dictionary<AccountKey, decimal> Amounts { get; } = [];

    /// <summary>The process as whose it was made.</summary>
    public Guid Holder { get; set; }

    /// <summary>How long it waits for what others have reserved.</summary>
    public Patience Patience { get; } = new(call, time);

    /// <summary>Whether it is settled: nothing more is reserved for it.</summary>
    public bool IsSettled { get; set; }

    /// <summary>What is missing so that <paramref name="estimate"/> is reserved.</summary>
    public IReadOnlyList<Need> Missing(Estimate estimate) =>
    [
        .. accounts.Where(a => a.Budget.Hard)
            .Select(a => new Need(a.Key, a.Budget, a.Budget.Part(estimate.Usd, estimate.Tokens) - Amounts.GetValueOrDefault(a.Key)))
            .Where(n => n.Amount > 0 || n.Budget.Amount == 0),
    ];
}
