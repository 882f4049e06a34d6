using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Tools.V1;
using Minion.Data;
using Npgsql;
using NpgsqlTypes;

namespace Minion.Tools.Audit;

/// <summary>Reads <c>tools.calls</c>.</summary>
internal sealed class AuditQueries([FromKeyedServices(DatabaseRoles.Tools)] NpgsqlDataSource database)
{
    private const string Usage =
        """
        SELECT tool, CASE WHEN $4 AND attested IS NOT FALSE THEN agent ELSE '' END AS who, count(*),
            count(*) FILTER (WHERE outcome NOT IN ('ok', 'input_required', 'cancelled', 'denied')),
            count(*) FILTER (WHERE outcome = 'denied'),
            percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_ms), percentile_cont(0.95) WITHIN GROUP (ORDER BY duration_ms),
            sum(cost_usd), count(*) FILTER (WHERE decision = 'cached'), max(started_at)
        FROM tools.calls
        WHERE started_at >= $1 AND ($2 = '' OR tool = $2) AND ($3 = '' OR agent = $3 AND attested IS NOT FALSE)
        GROUP BY tool, who ORDER BY count(*) DESC, tool, who LIMIT $5
        """;

    private const string Calls =
        """
        SELECT id, started_at, tool, version, source, principal, agent, run_id, step, call, session_id, coalesce(arguments::text, ''), arguments_hash,
            decision, rule, outcome, message, attempts, duration_ms, cost_usd, tainted, untrusted, repairs, result_bytes, client, coalesce(attested, false)
        FROM tools.calls
        WHERE ($1 = '' OR tool = $1) AND ($2 = '' OR agent = $2) AND ($3::uuid IS NULL OR run_id = $3) AND ($4 = '' OR principal = $4) AND ($5 = '' OR outcome = $5)
            AND ($6::timestamptz IS NULL OR started_at >= $6) AND ($7::timestamptz IS NULL OR started_at < $7)
            AND ($8::timestamptz IS NULL OR (started_at, id) < ($8, $9))
        ORDER BY started_at DESC, id DESC LIMIT $10
        """;

    public async Task<IReadOnlyList<ToolUsage>> UsageAsync(string tenant, DateTimeOffset since, string tool, string agent, bool byAgent, int limit, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateTenantBatch(tenant);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Usage)
        {
            Parameters = { new() { Value = since.ToUniversalTime() }, new() { Value = tool }, new() { Value = agent }, new() { Value = byAgent }, new() { Value = limit } },
        });
        await using var reader = await batch.ExecuteTenantReaderAsync(cancellationToken);
        var usage = new List<ToolUsage>();
        while (await reader.ReadAsync(cancellationToken))
        {
            usage.Add(new ToolUsage
            {
                Tool = reader.GetString(0),
                Agent = reader.GetString(1),
                Calls = reader.GetInt64(2),
                Errors = reader.GetInt64(3),
                Denied = reader.GetInt64(4),
                P50Ms = reader.GetDouble(5),
                P95Ms = reader.GetDouble(6),
                CostUsd = reader.GetDouble(7),
                Cached = reader.GetInt64(8),
                LastAt = Timestamp.FromDateTimeOffset(reader.GetFieldValue<DateTimeOffset>(9)),
            });
        }

        return usage;
    }

    public async Task<IReadOnlyList<AuditedCall>> CallsAsync(string tenant, CallFilter filter, int limit, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateTenantBatch(tenant);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Calls)
        {
            Parameters =
            {
                new() { Value = filter.Tool },
                new() { Value = filter.Agent },
                new() { Value = (object?)filter.RunId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
                new() { Value = filter.Principal },
                new() { Value = filter.Outcome },
                Time(filter.Since),
                Time(filter.Until),
                Time(filter.Before?.At),
                new() { Value = (object?)filter.Before?.Id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
                new() { Value = limit },
            },
        });
        await using var reader = await batch.ExecuteTenantReaderAsync(cancellationToken);
        var calls = new List<AuditedCall>();
        while (await reader.ReadAsync(cancellationToken))
        {
            calls.Add(Call(reader));
        }

        return calls;
    }

    private static NpgsqlParameter Time(DateTimeOffset? time) => new() { Value = (object?)time?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    private static AuditedCall Call(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0).ToString(),
        StartedAt = Timestamp.FromDateTimeOffset(row.GetFieldValue<DateTimeOffset>(1)),
        Tool = row.GetString(2),
        Version = row.GetString(3),
        Source = row.GetString(4),
        Principal = row.GetString(5),
        Agent = row.GetString(6),
        RunId = row.IsDBNull(7) ? "" : row.GetGuid(7).ToString(),
        Step = row.GetInt32(8),
        Call = row.GetInt32(9),
        SessionId = row.GetString(10),
        Arguments = row.GetString(11),
        ArgumentsHash = Convert.ToHexStringLower(row.GetFieldValue<byte[]>(12)),
        Decision = row.GetString(13),
        Rule = row.GetString(14),
        Outcome = row.GetString(15),
        Message = row.GetString(16),
        Attempts = row.GetInt32(17),
        DurationMs = row.GetDouble(18),
        CostUsd = row.GetDouble(19),
        Tainted = row.GetBoolean(20),
        Untrusted = row.GetBoolean(21),
        Repairs = row.GetInt32(22),
        ResultBytes = row.GetInt64(23),
        Client = row.GetString(24),
        Attested = row.GetBoolean(25),
    };
}

/// <summary>Which calls are wanted; each empty or null for any.</summary>
internal sealed record CallFilter(string Tool, string Agent, Guid? RunId, string Principal, string Outcome, DateTimeOffset? Since, DateTimeOffset? Until)
{
    /// <summary>The last of the page before.</summary>
    public (DateTimeOffset At, Guid Id)? Before { get; init; }
}
