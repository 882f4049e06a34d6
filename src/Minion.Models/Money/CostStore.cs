using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Npgsql;

namespace Minion.Models.Money;

/// <summary>What was spent by one member of a group.</summary>
internal sealed record CostRow(
    string Key, long Calls, long Failed, long InputTokens, long CachedTokens, long OutputTokens, long ReasoningTokens, decimal CostUsd);

/// <summary>Sums what was spent.</summary>
internal sealed class CostStore([FromKeyedServices(DatabaseRoles.Models)] NpgsqlDataSource database)
{
    private const string Sums =
        "sum(calls)::bigint, sum(failed)::bigint, sum(input_tokens)::bigint, sum(cached_tokens)::bigint, sum(output_tokens)::bigint, sum(reasoning_tokens)::bigint, sum(cost_usd)";

    /// <summary>The groups, and the expression that each goes by.</summary>
    public static IReadOnlyDictionary<string, string> Groups { get; } = new Dictionary<string, string>
    {
        ["agent"] = "agent",
        ["version"] = "CASE WHEN agent = '' THEN '' ELSE agent || '@' || agent_version END",
        ["user"] = "principal",
        ["tenant"] = "tenant",
        ["model"] = "CASE WHEN model = '' THEN '' ELSE provider || '/' || model END",
        ["tool"] = "tool",
        ["kind"] = "kind",
        ["day"] = "to_char(day, 'YYYY-MM-DD')",
    };

    /// <summary>What was spent from one day to another (both included), by group: the dearest first, days in order.</summary>
    public Task<List<CostRow>> ByDayAsync(
        string tenant, string group, DateOnly since, DateOnly until, string agent, string user, string model, int most, CancellationToken cancellationToken) =>
        database.QueryTenantAsync(
            tenant,
            $"""
            SELECT {Groups[group]}, {Sums} FROM models.usage_days
            WHERE day BETWEEN $1 AND $2 AND ($3 = '' OR agent = $3) AND ($4 = '' OR principal = $4) AND ($5 = '' OR provider || '/' || model = $5)
                {(group == "tool" ? "AND kind = 'tool'" : "")}
            GROUP BY 1
            ORDER BY {(group == "day" ? "1" : "sum(cost_usd) DESC, sum(input_tokens + output_tokens) DESC, 1")}
            LIMIT $6
            """,
            [since, until, agent, user, model, most],
            Read,
            cancellationToken);

    /// <summary>What each run spent since a time, the dearest first; no longer than single calls are kept.</summary>
    public Task<List<CostRow>> ByRunAsync(string tenant, DateTimeOffset since, DateTimeOffset until, int most, CancellationToken cancellationToken) =>
        database.QueryTenantAsync(
            tenant,
            """
            SELECT run_id::text, count(*), count(*) FILTER (WHERE outcome <> 'succeeded'), sum(input_tokens)::bigint, sum(cached_tokens)::bigint,
                sum(output_tokens)::bigint, sum(reasoning_tokens)::bigint, sum(cost_usd)
            FROM models.usage WHERE at >= $1 AND at < $2 AND run_id IS NOT NULL
            GROUP BY 1 ORDER BY sum(cost_usd) DESC, 1 LIMIT $3
            """,
            [since, until, most],
            Read,
            cancellationToken);

    private static CostRow Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetDecimal(7));
}
