using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Runs.Journal.LongTexts;
using Npgsql;

namespace Minion.Orchestration.Runs;

/// <summary>Reads runs and journals in the name of a tenant.</summary>
internal sealed class RunStore([FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource database)
{
    public const string Columns =
        """
        id, agent, agent_version, behaviour, session_id, request_id, status, priority, input, output, error::text, input_tokens, output_tokens,
        model_calls, tool_calls, next_seq, waiting::text, created_at, started_at, ended_at, deadline, cost_usd, forked_from,
        from_seq, kept, root_id, parent_id, depth, label, wake_at,
        CASE WHEN status = 'waiting' AND session_id IS NOT NULL
          THEN EXISTS (SELECT FROM orchestration.session_turns t WHERE t.tenant = runs.tenant AND t.run_id = runs.id) ELSE false END AS queued
        """;

    public async Task<RunRecord?> FindAsync(string tenant, Guid id, CancellationToken ct) =>
        (await database.QueryAsync(
            tenant, $"SELECT {Columns} FROM orchestration.runs WHERE tenant = $1 AND id = $2", [tenant, id], Read, ct)).SingleOrDefault();

    /// <summary>The version of the agent that its last run in the session has; null when the session has none.</summary>
    public async Task<int?> LastVersionAsync(string tenant, Guid session, Guid agent, CancellationToken ct)
    {
        var found = await database.QueryAsync(
            tenant,
            "SELECT agent_version FROM orchestration.runs WHERE tenant = $1 AND session_id = $2 AND agent_id = $3 ORDER BY id DESC LIMIT 1",
            [tenant, session, agent],
            row => row.GetInt32(0),
            ct);
        return found is [var version] ? version : null;
    }

    public async Task<RunRecord?> FindByRequestAsync(string tenant, string requestId, CancellationToken ct) =>
        (await database.QueryAsync(
            tenant, $"SELECT {Columns} FROM orchestration.runs WHERE tenant = $1 AND request_id = $2", [tenant, requestId], Read, ct)).SingleOrDefault();

    /// <summary>Runs before <paramref name="before"/>, newest first; empty filters hold for all.</summary>
    public Task<List<RunRecord>> ListAsync(string tenant, RunFilter filter, Guid before, int limit, CancellationToken ct) =>
        database.QueryAsync(
            tenant,
            $"""
            SELECT {Columns} FROM orchestration.runs
            WHERE tenant = $1 AND id < $2 AND ($3 = '' OR agent = $3) AND (cardinality($4::text[]) = 0 OR status = ANY ($4))
              AND ($5::uuid IS NULL OR session_id = $5) AND ($6::uuid IS NULL OR parent_id = $6 AND root_id = (SELECT root_id FROM orchestration.runs WHERE tenant = $1 AND id = $6))
              AND ($7::uuid IS NULL OR root_id = $7 AND parent_id IS NOT NULL) AND ($8 OR parent_id IS NULL)
              AND ($9::timestamptz IS NULL OR created_at >= $9) AND ($10::timestamptz IS NULL OR created_at < $10)
            ORDER BY id DESC LIMIT $11
            """,
            [tenant, before, filter.Agent, filter.Statuses, filter.SessionId, filter.ParentId, filter.RootId, filter.WithChildren, filter.CreatedFrom, filter.CreatedBefore, limit],
            Read,
            ct);

    /// <summary>Entries after a sequence number, in order, with their long texts in full.</summary>
    public async Task<List<Entry>> EntriesAsync(string tenant, Guid run, long after, int limit, CancellationToken ct)
    {
        var entries = await RawEntriesAsync(tenant, run, after, limit, ct);
        var texts = await TextsAsync(tenant, run, entries, ct);
        return entries.ConvertAll(e => e.ToEntry(texts));
    }

    /// <summary>Entries after a sequence number, in order, as their rows have them.</summary>
    public Task<List<RawEntry>> RawEntriesAsync(string tenant, Guid run, long after, int limit, CancellationToken ct) =>
        database.QueryAsync(
            tenant,
            $"SELECT {EntryRow.Columns} FROM orchestration.entries WHERE run_id = $1 AND seq > $2 AND tenant = $3 ORDER BY seq LIMIT $4",
            [run, after, tenant, limit],
            row => EntryRow.Read(row, 0),
            ct);

    /// <summary>The long texts that entries of a run refer to, by hash.</summary>
    public async Task<IReadOnlyDictionary<string, string>> TextsAsync(string tenant, Guid run, IEnumerable<RawEntry> entries, CancellationToken ct)
    {
        if (LongTextSql.Find([run], entries) is not { } find)
        {
            return new Dictionary<string, string>(StringComparer.Ordinal);
        }

        await using var batch = database.CreateTenantBatch(tenant);
        batch.BatchCommands.Add(find);
        await using var reader = await batch.ExecuteTenantReaderAsync(ct);
        return await LongTextSql.ReadAsync(reader, ct);
    }

    /// <summary>Whether the run has ended and its journal ends with <paramref name="seq"/>; true also when the run is gone.</summary>
    public async Task<bool> HasEndedAsync(string tenant, Guid run, long seq, CancellationToken ct)
    {
        var rows = await database.QueryAsync(
            tenant,
            "SELECT status IN ('completed', 'failed', 'cancelled') AND next_seq - 1 <= $3 FROM orchestration.runs WHERE tenant = $1 AND id = $2",
            [tenant, run, seq],
            row => row.GetBoolean(0),
            ct);
        return rows.Count == 0 || rows[0];
    }

    /// <summary>How many runs there are in each status; ended ones since <paramref name="endedSince"/>.</summary>
    public async Task<Dictionary<string, long>> CountAsync(string tenant, DateTimeOffset endedSince, CancellationToken ct)
    {
        var rows = await database.QueryAsync(
            tenant,
            "SELECT status, count(*) FROM orchestration.runs WHERE tenant = $1 AND (ended_at IS NULL OR ended_at >= $2) GROUP BY status",
            [tenant, endedSince],
            row => KeyValuePair.Create(row.GetString(0), row.GetInt64(1)),
            ct);
        return rows.ToDictionary();
    }

    internal static RunRecord Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.GetString(1),
        row.GetInt32(2),
        row.GetString(3),
        row.IsDBNull(4) ? null : row.GetGuid(4),
        row.TextOrNull(5),
        row.GetString(6),
        row.GetInt32(7),
        row.GetString(8),
        row.TextOrNull(9),
        row.TextOrNull(10) is { } error ? JsonSerializer.Deserialize(error, RunJsonContext.Default.StoredError) : null,
        new Usage(row.GetInt64(11), row.GetInt64(12), row.GetInt32(13), row.GetInt32(14), row.GetDecimal(21)),
        row.GetInt64(15),
        row.TextOrNull(16) is { } waiting ? JsonSerializer.Deserialize(waiting, RunJsonContext.Default.IReadOnlyListStoredQuestion)! : [],
        row.GetFieldValue<DateTimeOffset>(17),
        row.IsDBNull(18) ? null : row.GetFieldValue<DateTimeOffset>(18),
        row.IsDBNull(19) ? null : row.GetFieldValue<DateTimeOffset>(19),
        row.GetFieldValue<DateTimeOffset>(20))
    {
        ForkedFrom = row.IsDBNull(22) ? null : row.GetGuid(22),
        FromSeq = row.GetInt64(23),
        Kept = row.GetBoolean(24),
        RootId = row.GetGuid(25),
        ParentId = row.IsDBNull(26) ? null : row.GetGuid(26),
        Depth = row.GetInt32(27),
        Label = row.GetString(28),
        WakeAt = row.IsDBNull(29) ? null : row.GetFieldValue<DateTimeOffset>(29),
        IsQueued = row.GetBoolean(30),
    };
}
