using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Npgsql;

namespace Minion.Models.Money;

/// <summary>A budget with what one subject has used of it in a period.</summary>
internal sealed record BudgetState(Budget Budget, string Subject, DateOnly StartsOn, decimal Used, decimal Reserved, int Alerted);

/// <summary>Reads and writes <c>models.budgets</c>.</summary>
internal sealed class BudgetStore([FromKeyedServices(DatabaseRoles.Models)] NpgsqlDataSource database, TimeProvider time)
{
    private const string Columns = "b.id, b.scope, b.subject, b.unit, b.period, b.amount, b.hard, b.webhook_url";

    public Task<List<Budget>> AllAsync(string tenant, CancellationToken cancellationToken) =>
        QueryAsync(tenant, $"SELECT {Columns} FROM models.budgets b ORDER BY b.scope, b.subject, b.unit, b.period", [], Read, cancellationToken);

    /// <summary>All budgets with what is used of them in the current periods; one that nobody used yet has one empty state.</summary>
    public Task<List<BudgetState>> StatesAsync(string tenant, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return QueryAsync(
            tenant,
            $"""
            SELECT {Columns}, p.subject, p.used, p.reserved, p.alerted, c.starts_on
            FROM models.budgets b
            JOIN (VALUES ('day', $1), ('week', $2), ('month', $3), ('total', $4)) AS c (period, starts_on) ON c.period = b.period
            LEFT JOIN models.budget_periods p ON p.tenant = b.tenant AND p.budget_id = b.id AND p.starts_on = c.starts_on
            ORDER BY b.scope, b.subject, b.unit, b.period, p.used DESC NULLS LAST
            LIMIT 5000
            """,
            [
                Periods.Start(BudgetPeriod.Day, now), Periods.Start(BudgetPeriod.Week, now), Periods.Start(BudgetPeriod.Month, now), Periods.Beginning,
            ],
            r => new BudgetState(
                Read(r), r.IsDBNull(8) ? "" : r.GetString(8), r.GetFieldValue<DateOnly>(12), r.IsDBNull(9) ? 0 : r.GetDecimal(9), r.IsDBNull(10) ? 0 : r.GetDecimal(10),
                r.IsDBNull(11) ? 0 : r.GetInt16(11)),
            cancellationToken);
    }

    /// <summary>Creates the budget, or changes the one of the same scope, subject, unit and period. Gives it as it is stored.</summary>
    public async Task<Budget> SetAsync(string tenant, Budget budget, CancellationToken cancellationToken) => (await QueryAsync(
        tenant,
        $"""
        INSERT INTO models.budgets AS b (tenant, id, scope, subject, unit, period, amount, hard, webhook_url, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
        ON CONFLICT (tenant, scope, subject, unit, period) DO UPDATE SET
            amount = excluded.amount, hard = excluded.hard, webhook_url = excluded.webhook_url, updated_at = excluded.updated_at
        RETURNING {Columns}
        """,
        [
            tenant, budget.Id, budget.Scope.Name(), budget.Subject, budget.Unit.Name(), budget.Period.Name(), budget.Amount, budget.Hard, budget.WebhookUrl,
            time.GetUtcNow(),
        ],
        Read,
        cancellationToken))[0];

    public async Task<bool> DeleteAsync(string tenant, Guid id, CancellationToken cancellationToken) =>
        (await QueryAsync(tenant, "DELETE FROM models.budgets WHERE id = $1 RETURNING 1", [id], _ => true, cancellationToken)).Count > 0;

    private static Budget Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), Enum.Parse<BudgetScope>(row.GetString(1), true), row.GetString(2), Enum.Parse<BudgetUnit>(row.GetString(3), true),
        Enum.Parse<BudgetPeriod>(row.GetString(4), true), row.GetDecimal(5), row.GetBoolean(6), row.GetString(7));

    private Task<List<T>> QueryAsync<T>(string tenant, string sql, object[] values, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken) =>
        database.QueryTenantAsync(tenant, sql, values, read, cancellationToken);
}
