using System.Text.Json;

namespace Minion.Models.Money;

/// <summary>How one process asks the others for what they hold of an account in advance.</summary>
internal static class ChunkRequests
{
    public const string Channel = "minion_budget_chunks";

    public static string Write(AccountKey key) => JsonSerializer.Serialize([key.Tenant, key.Budget.ToString(), key.Subject, key.Start.ToString("O")], LedgerJson.Default.StringArray);

    public static AccountKey? Read(string payload)
    {
        try
        {
            return JsonSerializer.Deserialize(payload, LedgerJson.Default.StringArray) is [var tenant, var budget, var subject, var start]
                ? new AccountKey(tenant, Guid.Parse(budget), subject, DateOnly.ParseExact(start, "O"))
                : null;
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            return null;
        }
    }
}
