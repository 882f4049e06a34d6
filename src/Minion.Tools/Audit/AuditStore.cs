using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Npgsql;

namespace Minion.Tools.Audit;

/// <summary>Writes and prunes <c>tools.calls</c>.</summary>
internal sealed class AuditStore([FromKeyedServices(DatabaseRoles.Tools)] NpgsqlDataSource database)
{
    // The tenant of each group of rows is set before they are inserted, so that row-level security checks them too.
    private const string SetTenant = "SELECT set_config('minion.tenant', $1, true)";

    private const string Insert =
        """
        INSERT INTO tools.calls (tenant, id, tool, version, run_id, step, call, principal, agent, started_at, duration_ms, outcome, attempts, arguments_hash,
            source, session_id, arguments, decision, rule, message, cost_usd, tainted, untrusted, repairs, result_bytes, idempotency_key, client, attested)
        SELECT $1, id, tool, version, run_id, step, call, principal, agent, started_at, duration_ms, outcome, attempts, arguments_hash,
            source, session_id, arguments::jsonb, decision, rule, message, cost_usd, tainted, untrusted, repairs, result_bytes, idempotency_key, client, attested
        FROM unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::int[], $7::int[], $8::text[], $9::text[],
            $10::timestamptz[], $11::float8[], $12::text[], $13::int[], $14::bytea[], $15::text[], $16::text[], $17::text[], $18::text[], $19::text[], $20::text[],
            $21::float8[], $22::bool[], $23::bool[], $24::int[], $25::bigint[], $26::text[], $27::text[], $28::bool[])
            AS r (id, tool, version, run_id, step, call, principal, agent, started_at, duration_ms, outcome, attempts, arguments_hash,
            source, session_id, arguments, decision, rule, message, cost_usd, tainted, untrusted, repairs, result_bytes, idempotency_key, client, attested)
        ON CONFLICT (tenant, id) DO NOTHING
        """;

    private const string PruneOld = "SELECT tools.prune_calls($1, $2)";

    /// <summary>Inserts all records or none, in one round trip. Inserting one again changes nothing.</summary>
    public async Task WriteAsync(IReadOnlyList<AuditRecord> records, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        foreach (var group in records.GroupBy(record => record.Tenant, StringComparer.Ordinal))
        {
            AuditRecord[] rows = [.. group];
            batch.BatchCommands.Add(new NpgsqlBatchCommand(SetTenant) { Parameters = { new() { Value = group.Key } } });
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Insert)
            {
                Parameters =
                {
                    new() { Value = group.Key },
                    Column(rows, row => row.Id),
                    Column(rows, row => row.Tool),
                    Column(rows, row => row.Version),
                    Column(rows, row => row.Origin.RunId),
                    Column(rows, row => row.Origin.Step),
                    Column(rows, row => row.Origin.Call),
                    Column(rows, row => row.Principal),
                    Column(rows, row => row.Origin.Agent),
                    Column(rows, row => row.StartedAt),
                    Column(rows, row => row.Duration.TotalMilliseconds),
                    Column(rows, row => row.Outcome),
                    Column(rows, row => row.Attempts),
                    Column(rows, row => row.ArgumentsHash),
                    Column(rows, row => row.Source),
                    Column(rows, row => row.Origin.Session),
                    Column(rows, row => row.Arguments),
                    Column(rows, row => row.Decision),
                    Column(rows, row => row.Rule),
                    Column(rows, row => row.Message),
                    Column(rows, row => row.CostUsd),
                    Column(rows, row => row.Tainted),
                    Column(rows, row => row.Untrusted),
                    Column(rows, row => row.Repairs),
                    Column(rows, row => row.ResultBytes),
                    Column(rows, row => row.IdempotencyKey),
                    Column(rows, row => MaskedArguments.Clean(row.Origin.Client)),
                    Column(rows, row => row.Origin.FromRun),
                },
            });
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Removes up to <paramref name="rows"/> records of all tenants that are older; how many it removed.</summary>
    public async Task<long> PruneAsync(TimeSpan olderThan, int rows, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(PruneOld);
        command.Parameters.Add(new() { Value = olderThan });
        command.Parameters.Add(new() { Value = rows });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static NpgsqlParameter<T[]> Column<T>(AuditRecord[] rows, Func<AuditRecord, T> value) =>
        new() { TypedValue = Array.ConvertAll(rows, row => value(row)) };
}
