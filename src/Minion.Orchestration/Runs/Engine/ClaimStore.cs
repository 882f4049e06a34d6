using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Minion.Orchestration.Runs.Engine.Failpoints;
using Minion.Orchestration.Runs.History;
using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Runs.Journal.LongTexts;
using Npgsql;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>Takes ready runs, and reads what they need to go on.</summary>
internal sealed class ClaimStore([FromKeyedServices(DatabaseRoles.Engine)] NpgsqlDataSource engine, TimeProvider time)
{
    // Tenants are walked by index, from after the cursor; each gives up to @each runs. Ready rows and runs are locked or skipped, the runs in
    // order of id. A run whose row is locked just now (a signal comes in) stays ready for the next claim. Runs of limited agents are parked, except those
    // that are to end: LimitedClaims takes them when there is room.
    private const string ClaimSql =
        $"""
        WITH RECURSIVE tenants AS (
          (SELECT tenant FROM orchestration.ready WHERE tenant > @cursor ORDER BY tenant LIMIT 1)
          UNION ALL
          SELECT (SELECT q.tenant FROM orchestration.ready q WHERE q.tenant > t.tenant ORDER BY q.tenant LIMIT 1)
          FROM tenants t WHERE t.tenant IS NOT NULL
        ), some_tenants AS (
          SELECT tenant FROM tenants WHERE tenant IS NOT NULL LIMIT @slots
        ), picked AS MATERIALIZED (
          SELECT q.tenant, q.run_id
          FROM (SELECT tenant, greatest(1, @slots / (SELECT count(*) FROM some_tenants)) AS each FROM some_tenants) s
          CROSS JOIN LATERAL (
            SELECT tenant, run_id FROM orchestration.ready r
            WHERE r.tenant = s.tenant ORDER BY r.priority DESC, r.run_id
            LIMIT s.each FOR UPDATE SKIP LOCKED) q
          LIMIT @slots
        ), locked AS MATERIALIZED (
          SELECT r.tenant, r.id, r.agent_id, r.priority, l.agent_id IS NOT NULL AS is_limited, l.agent_id IS NOT NULL AND NOT EXISTS (
              SELECT FROM orchestration.signals s WHERE s.run_id = r.id AND s.kind = 'cancel') AS is_parked
          FROM orchestration.runs r JOIN picked p ON p.tenant = r.tenant AND p.run_id = r.id
          LEFT JOIN orchestration.run_limits l ON l.tenant = r.tenant AND l.agent_id = r.agent_id
          ORDER BY r.id FOR UPDATE OF r SKIP LOCKED
        ), taken AS (
          DELETE FROM orchestration.ready q USING locked l WHERE q.tenant = l.tenant AND q.run_id = l.id
        ), parked AS (
          INSERT INTO orchestration.parked (tenant, agent_id, priority, run_id) SELECT tenant, agent_id, priority, id FROM locked WHERE is_parked
          ON CONFLICT (tenant, run_id) DO NOTHING
        ), unparked AS (
          DELETE FROM orchestration.parked k USING locked l WHERE l.is_limited AND NOT l.is_parked AND k.tenant = l.tenant AND k.run_id = l.id
        )
        UPDATE orchestration.runs r SET status = 'running', worker_id = @worker, epoch = r.epoch + 1, started_at = coalesce(r.started_at, @now)
        FROM locked l WHERE r.tenant = l.tenant AND r.id = l.id AND r.status = 'ready' AND NOT l.is_parked
        RETURNING {ClaimedRow.Columns}
        """;

    /// <summary>Claims up to <paramref name="slots"/> runs for a worker, each tenant from after <paramref name="cursor"/> in turn.</summary>
    public async Task<List<ClaimedRun>> ClaimAsync(Guid worker, int slots, string cursor, CancellationToken ct)
    {
        await using var connection = await engine.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(ClaimSql, connection)
        {
            Parameters =
            {
                new("cursor", cursor),
                new("slots", slots),
                new("worker", worker),
                new("now", time.GetUtcNow().UtcDateTime),
            },
        };
        var runs = new List<ClaimedRun>();
        Failpoint.Hit(FailpointList.ClaimBefore);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            runs.Add(ClaimedRow.Read(reader));
        }

        return runs;
    }

    /// <summary>The journals of runs, each in order.</summary>
    public async Task<ILookup<Guid, Entry>> EntriesAsync(Guid[] runs, CancellationToken ct)
    {
        await using var connection = await engine.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(
            $"SELECT run_id, {EntryRow.Columns} FROM orchestration.entries WHERE run_id = ANY($1) ORDER BY run_id, seq", connection)
        {
            Parameters = { new() { Value = runs } },
        };
        var entries = new List<(Guid Run, RawEntry Entry)>();
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
            {
                entries.Add((reader.GetGuid(0), EntryRow.Read(reader, 1)));
            }
        }

        var texts = await TextsAsync(connection, runs, entries.Select(e => e.Entry), ct);
        return entries.ToLookup(e => e.Run, e => e.Entry.ToEntry(texts));
    }

    private static async Task<IReadOnlyDictionary<string, string>?> TextsAsync(
        NpgsqlConnection connection, Guid[] runs, IEnumerable<RawEntry> entries, CancellationToken ct)
    {
        if (LongTextSql.Find(runs, entries) is not { } find)
        {
            return null;
        }

        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { find } };
        await using var reader = await batch.ExecuteReaderAsync(ct);
        return await LongTextSql.ReadAsync(reader, ct);
    }

    /// <summary>Those of a worker's runs that have had any signal, with the number of the last one.</summary>
    public async Task<List<(Guid Id, long SignalSeq)>> SignalledAsync(Guid worker, CancellationToken ct)
    {
        await using var connection = await engine.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<(Guid, long)>(new CommandDefinition(
            "SELECT id, signal_seq FROM orchestration.runs WHERE worker_id = @worker AND signal_seq > 0", new { worker }, cancellationToken: ct))];
    }
}
