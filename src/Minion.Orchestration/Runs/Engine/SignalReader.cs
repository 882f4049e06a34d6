using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Minion.Orchestration.Runs.Journal;
using Npgsql;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>Reads the signals of runs. What a child run brought is read from its own row.</summary>
internal sealed class SignalReader([FromKeyedServices(DatabaseRoles.Engine)] NpgsqlDataSource engine)
{
    private const string Query =
        """
        SELECT s.run_id, s.seq, s.id, s.kind, s.payload::text, s.at,
          c.id, c.agent, c.label, c.status, c.output, c.error::text, c.parent_step, c.parent_call, c.created_at,
          c.input_tokens, c.output_tokens, c.model_calls, c.tool_calls, c.cost_usd,
          c.id IS NOT NULL AND (c.tainted OR EXISTS (
            SELECT FROM orchestration.entries e WHERE e.run_id = c.id AND e.tenant = c.tenant
              AND (e.kind = 'tool' AND e.payload @> '{"untrusted": true}' OR e.kind IN ('child', 'context') AND e.payload @> '{"tainted": true}')))
        FROM unnest($1::uuid[], $2::bigint[]) f (run_id, seq)
        JOIN orchestration.signals s ON s.run_id = f.run_id AND s.seq > f.seq
        LEFT JOIN orchestration.runs c ON s.kind = 'child' AND c.tenant = s.tenant AND c.id = CASE WHEN s.kind = 'child' THEN s.id::uuid END
        ORDER BY s.run_id, s.seq
        """;

    /// <summary>The signals of each run after the number that it has folded, in order.</summary>
    public async Task<List<StoredSignal>> AfterAsync(IReadOnlyCollection<(Guid Run, long Seq)> runs, CancellationToken ct)
    {
        await using var connection = await engine.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(Query, connection)
        {
            Parameters = { new() { Value = runs.Select(r => r.Run).ToArray() }, new() { Value = runs.Select(r => r.Seq).ToArray() } },
        };
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAllAsync(Read, ct);
    }

    private static StoredSignal Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        SignalJson.Read(row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4)),
        row.GetFieldValue<DateTimeOffset>(5),
        row.IsDBNull(6) ? null : ReadChild(row));

    private static EndedChild ReadChild(NpgsqlDataReader row)
    {
        var error = row.TextOrNull(11) is { } json ? JsonSerializer.Deserialize(json, RunJsonContext.Default.StoredError) : null;
        var usage = new Usage(row.GetInt64(15), row.GetInt64(16), row.GetInt32(17), row.GetInt32(18), row.GetDecimal(19));
        var ended = new ChildEnded(
            row.GetGuid(6),
            row.GetString(7),
            row.GetString(8),
            row.GetString(9),
            row.TextOrNull(10),
            error is null ? null : new CallFailure(error.Kind, error.Message, error.Hint))
        {
            ModelCalls = usage.ModelCalls,
            ToolCalls = usage.ToolCalls,
            Tainted = row.GetBoolean(20),
        };
        return new EndedChild(row.GetInt32(12), row.GetInt32(13), ended, row.GetFieldValue<DateTimeOffset>(14), usage);
    }
}
