using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Runs.Journal.LongTexts;
using Npgsql;

namespace Minion.Orchestration.Runs.History;

/// <summary>Reads recorded runs in the name of a tenant, and marks those that are kept.</summary>
internal sealed class RecordedRuns([FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource database, RunStore runs)
{
    /// <summary>More than the steps that a run may have lead to.</summary>
    private const int MostEntries = 200_000;

    private const string Columns =
        """
        id, agent_id, agent, agent_version, behaviour, options::text, coalesce(session_id, (overrides ->> 'session')::uuid), first_message, last_message,
        status, limits::text, input, created_at, overrides::text, forked_from IS NOT NULL, tainted
        """;

    public async Task<RecordedRun?> FindAsync(string tenant, Guid id, CancellationToken ct) =>
        (await database.QueryAsync(
            tenant, $"SELECT {Columns} FROM orchestration.runs WHERE tenant = $1 AND id = $2", [tenant, id], Read, ct)).SingleOrDefault();

    /// <summary>The whole journal; with the long texts' beginnings only, unless they are asked for.</summary>
    public async Task<IReadOnlyList<Entry>> EntriesAsync(string tenant, Guid run, bool withTexts, CancellationToken ct)
    {
        var entries = await runs.RawEntriesAsync(tenant, run, 0, MostEntries, ct);
        var texts = withTexts ? await runs.TextsAsync(tenant, run, entries, ct) : null;
        return entries.ConvertAll(e => e.ToEntry(texts));
    }

    /// <summary>The compressed text that a journal refers to; null when it refers to no such text.</summary>
    public async Task<byte[]?> TextAsync(string tenant, Guid run, byte[] hash, CancellationToken ct) =>
        (await database.QueryAsync(
            tenant,
            """
            SELECT p.content FROM orchestration.payload_uses u JOIN orchestration.payloads p ON p.tenant = u.tenant AND p.hash = u.hash
            WHERE u.tenant = $1 AND u.run_id = $2 AND u.hash = $3
            """,
            [tenant, run, hash],
            row => row.GetFieldValue<byte[]>(0),
            ct)).SingleOrDefault();

    /// <summary>Has retention leave a run, or not; false when there is none.</summary>
    public async Task<bool> KeepAsync(string tenant, Guid run, bool kept, CancellationToken ct) =>
        (await database.QueryAsync(
            tenant, "UPDATE orchestration.runs SET kept = $3 WHERE tenant = $1 AND id = $2 RETURNING id", [tenant, run, kept], row => row.GetGuid(0), ct)).Count > 0;

    private static RecordedRun Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        AgentId = row.GetGuid(1),
        Agent = row.GetString(2),
        AgentVersion = row.GetInt32(3),
        Behaviour = row.GetString(4),
        Options = row.GetString(5),
        Session = row.IsDBNull(6) ? null : row.GetGuid(6),
        FirstMessage = row.GetInt64(7),
        LastMessage = row.GetInt64(8),
        Status = row.GetString(9),
        Limits = JsonSerializer.Deserialize(row.GetString(10), RunJsonContext.Default.RunLimits)!,
        Input = row.GetString(11),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(12),
        Overrides = ForkOverrides.FromJson(row.TextOrNull(13)),
        IsFork = row.GetBoolean(14),
        IsTainted = row.GetBoolean(15),
    };
}
