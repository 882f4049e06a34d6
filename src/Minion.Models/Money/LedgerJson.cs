using System.Text.Json.Serialization;

namespace Minion.Models.Money;

/// <summary>A change as the function <c>models.settle</c> reads it.</summary>
internal sealed record ChangeRow(string Tenant, Guid BudgetId, string Subject, DateOnly StartsOn, decimal Used, decimal Released, bool Chunked)
{
    public static ChangeRow Of(AccountChange change) =>
        new(change.Key.Tenant, change.Key.Budget, change.Key.Subject, change.Key.Start, change.Used, change.Released, change.Chunked);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<UsageRecord>))]
[JsonSerializable(typeof(ChangeRow[]))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(AlertMessage))]
internal sealed partial class LedgerJson : JsonSerializerContext;
