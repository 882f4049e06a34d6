using Minion.Crash.Arena;

namespace Minion.Crash.Checks;

/// <summary>What must hold of the budgets that runs reserve from.</summary>
internal static class BudgetChecks
{
    private const string NotReleased =
        """
        SELECT format('%s tokens of the budget are held by process %s, whose last heartbeat is %s old', h.amount, o.id, clock_timestamp() - o.heartbeat_at)
        FROM models.holdings h JOIN models.holders o ON o.id = h.holder_id WHERE o.heartbeat_at < clock_timestamp() - make_interval(secs => @seconds)
        """;

    public static IEnumerable<Invariant> Of(Database database) =>
    [
        database.Check(
            "reserved",
            "what is reserved of a budget is what processes hold of it",
            """
            SELECT format('budget %s: %s reserved, %s held', p.budget_id, p.reserved, coalesce(sum(h.amount), 0))
            FROM models.budget_periods p LEFT JOIN models.holdings h
              ON (h.tenant, h.budget_id, h.subject, h.starts_on) = (p.tenant, p.budget_id, p.subject, p.starts_on)
            GROUP BY p.tenant, p.budget_id, p.subject, p.starts_on, p.reserved HAVING p.reserved <> coalesce(sum(h.amount), 0)
            """,
            "UPDATE models.budget_periods SET reserved = reserved + 1"),
        new(
            "released",
            "what a dead process had reserved is given back",
            async _ => await Patience.WhileAsync(
                database, async () => await database.QueryAsync<string>(NotReleased, new { seconds = (3 * Timings.Lease).TotalSeconds })),
            Sabotage.Sql(
                """
                WITH o AS (INSERT INTO models.holders (id, host, heartbeat_at) VALUES (gen_random_uuid(), 'gone', now() - interval '1 hour') RETURNING id)
                INSERT INTO models.holdings (holder_id, tenant, budget_id, subject, starts_on, amount, chunked)
                SELECT o.id, p.tenant, p.budget_id, p.subject, p.starts_on, 1, false FROM o, models.budget_periods p
                """)),
    ];
}
