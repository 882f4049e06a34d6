namespace Minion.Models.Money;

/// <summary>What one subject may spend of one budget in one period.</summary>
internal readonly record struct AccountKey(string Tenant, Guid Budget, string Subject, DateOnly Start);

/// <summary>What a call needs of one account.</summary>
/// <param name="Key">The account.</param>
/// <param name="Budget">Its budget.</param>
/// <param name="Amount">How much, in the budget's unit.</param>
internal readonly record struct Need(AccountKey Key, Budget Budget, decimal Amount);
