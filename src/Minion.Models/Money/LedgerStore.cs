using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Npgsql;
using NpgsqlTypes;

namespace Minion.Models.Money;

/// <summary>What the database says to one need.</summary>
/// <param name="Key">The account.</param>
/// <param name="Granted">How much this process may now spend of it; may be more than it asked for.</param>
/// <param name="Used">What was used before.</param>
/// <param name="Reserved">What was reserved before, by all processes.</param>
/// <param name="Amount">The budget's amount.</param>
/// <param name="Refused">Whether the budget has not that much left; then nothing was granted of any.</param>
/// <param name="ChunksElsewhere">Whether another process holds more of it than its calls need.</param>
internal sealed record Grant(AccountKey Key, decimal Granted, decimal Used, decimal Reserved, decimal Amount, bool Refused, bool ChunksElsewhere);

/// <summary>What became of an account since the last batch.</summary>
/// <param name="Key">The account.</param>
/// <param name="Used">What was used.</param>
/// <param name="Released">What this process no longer holds, used or not.</param>
/// <param name="Chunked">Whether it still holds more than its calls need.</param>
internal sealed record AccountChange(AccountKey Key, decimal Used, decimal Released, bool Chunked);

/// <summary>A budget reached a share of its amount.</summary>
internal sealed record BudgetAlert(
    string Tenant, Guid Id, Guid Budget, string Scope, string Subject, string Unit, string Period, DateOnly StartsOn, int Percent, decimal Used, decimal Amount,
    bool Hard, string WebhookUrl, DateTimeOffset At, int Attempts);

/// <summary>The functions of the schema <c>models</c>; each is one round trip and one transaction.</summary>
internal sealed class LedgerStore([FromKeyedServices(DatabaseRoles.Models)] NpgsqlDataSource database)
{
    /// <summary>Raised when the process was taken for dead.</summary>
    public const string HolderIsDead = "MN001";

    private const string AlertColumns =
        "tenant, id, budget_id, scope, subject, unit, period, starts_on, percent, used, amount, hard, webhook_url, at, attempts";

    public async Task<bool> HeartbeatAsync(Guid holder, string host, bool isNew, CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT models.heartbeat($1, $2, $3)", holder, host, isNew);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task<int> ReapAsync(TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT models.reap($1)", lease);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task ReleaseAsync(Guid holder, CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT models.release_holder($1)", holder);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <exception cref="PostgresException"><see cref="HolderIsDead"/>.</exception>
    public async Task<List<Grant>> ReserveAsync(Guid holder, string tenant, IReadOnlyList<Need> needs, CancellationToken cancellationToken)
    {
        await using var command = Command(
            "SELECT * FROM models.reserve($1, $2, $3, $4, $5, $6)",
            holder, tenant, needs.Select(n => n.Key.Budget).ToArray(), needs.Select(n => n.Key.Subject).ToArray(),
            needs.Select(n => n.Key.Start).ToArray(), needs.Select(n => n.Amount).ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var grants = new List<Grant>(needs.Count);
        while (await reader.ReadAsync(cancellationToken))
        {
            var key = new AccountKey(tenant, reader.GetGuid(0), reader.GetString(1), reader.GetFieldValue<DateOnly>(2));
            grants.Add(new Grant(
                key, reader.GetDecimal(3), reader.GetDecimal(4), reader.GetDecimal(5), reader.GetDecimal(6), reader.GetBoolean(7), reader.GetBoolean(8)));
        }

        return grants;
    }

    /// <summary>Writes a batch; the same number a second time changes nothing. Gives the alerts that it raised.</summary>
    public async Task<List<BudgetAlert>> SettleAsync(
        Guid holder, long batch, IReadOnlyList<UsageRecord> usage, IReadOnlyList<AccountChange> changes, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT {AlertColumns} FROM models.settle($1, $2, $3, $4)");
        command.Parameters.Add(new() { Value = holder });
        command.Parameters.Add(new() { Value = batch });
        command.Parameters.Add(new() { Value = JsonSerializer.Serialize(usage, LedgerJson.Default.IReadOnlyListUsageRecord), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new()
        {
            Value = JsonSerializer.Serialize([.. changes.Select(ChangeRow.Of)], LedgerJson.Default.ChangeRowArray),
            NpgsqlDbType = NpgsqlDbType.Jsonb,
        });
        return await AlertsAsync(command, cancellationToken);
    }

    public async Task<List<BudgetAlert>> ClaimAlertsAsync(int most, CancellationToken cancellationToken)
    {
        await using var command = Command($"SELECT {AlertColumns} FROM models.claim_alerts($1)", most);
        return await AlertsAsync(command, cancellationToken);
    }

    public async Task DeliveredAsync(BudgetAlert alert, CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT models.alert_delivered($1, $2)", alert.Tenant, alert.Id);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<long> PruneAsync(MoneyOptions options, int rows, CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT models.prune($1, $2, $3)", options.UsageRetention, options.DayRetention, rows);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<List<BudgetAlert>> AlertsAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var alerts = new List<BudgetAlert>();
        while (await reader.ReadAsync(cancellationToken))
        {
            alerts.Add(new BudgetAlert(
                reader.GetString(0), reader.GetGuid(1), reader.GetGuid(2), reader.GetString(3), reader.GetString(4), reader.GetString(5), reader.GetString(6),
                reader.GetFieldValue<DateOnly>(7), reader.GetInt16(8), reader.GetDecimal(9), reader.GetDecimal(10), reader.GetBoolean(11), reader.GetString(12),
                reader.GetFieldValue<DateTimeOffset>(13), reader.GetInt32(14)));
        }

        return alerts;
    }

    private NpgsqlCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        var command = database.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }
}
