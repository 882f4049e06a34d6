using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Minion.Data;
using Npgsql;

namespace Minion.Orchestration.Schedules;

/// <summary>
/// Notes the times of all schedules that were reached. The schedule's row is locked meanwhile, and a time has one row, so that it is noted once
/// however many processes look, and also when the clock is set back.
/// </summary>
internal sealed class ScheduleClock(
    [FromKeyedServices(DatabaseRoles.Engine)] NpgsqlDataSource database, IOptions<ScheduleOptions> options, TimeProvider time)
{
    private const int Batch = 20;

    /// <summary>Returns how many schedules had times; none when nothing is due.</summary>
    public async Task<int> NoteAsync(CancellationToken cancellation)
    {
        var now = time.GetStoredNow();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var due = await ReadAsync(connection, now, cancellation);
        foreach (var schedule in due)
        {
            await using var batch = Note(schedule, now);
            batch.Connection = connection;
            await batch.ExecuteNonQueryAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return due.Count;
    }

    /// <summary>Forgets what became of times long ago.</summary>
    public async Task<int> PruneAsync(CancellationToken cancellation)
    {
        const string prune =
            """
            DELETE FROM orchestration.schedule_fires f USING (
              SELECT f.tenant, f.schedule_id, f.request_id FROM orchestration.schedule_fires f
              WHERE f.fired_at < $1 AND f.status <> 'due' AND NOT EXISTS (
                SELECT FROM orchestration.runs r WHERE r.tenant = f.tenant AND r.id = f.run_id AND r.status IN ('ready', 'running', 'waiting'))
              LIMIT 1000
              FOR UPDATE SKIP LOCKED
            ) old
            WHERE f.tenant = old.tenant AND f.schedule_id = old.schedule_id AND f.request_id = old.request_id
            """;
        await using var command = database.CreateCommand(prune);
        command.Parameters.Add(new() { Value = time.GetStoredNow() - TimeSpan.FromDays(options.Value.RetentionDays) });
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<List<ScheduleRecord>> ReadAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancellation)
    {
        const string query =
            $"""
            SELECT {ScheduleRecord.Columns} FROM orchestration.schedules s
            WHERE s.next_at <= $1
            ORDER BY s.next_at
            LIMIT $2
            FOR UPDATE SKIP LOCKED
            """;
        await using var command = new NpgsqlCommand(query, connection) { Parameters = { new() { Value = now }, new() { Value = Batch } } };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAllAsync(ScheduleRecord.Read, cancellation);
    }

    private NpgsqlBatch Note(ScheduleRecord schedule, DateTimeOffset now)
    {
        const string insert =
            """
            INSERT INTO orchestration.schedule_fires (tenant, schedule_id, at, request_id, number, status, retry_at, fired_at)
            SELECT $1, $2, x.at, x.request_id, $5 + x.position, 'due', $6, $6
            FROM unnest($3::timestamptz[], $4::text[]) WITH ORDINALITY AS x (at, request_id, position)
            ON CONFLICT DO NOTHING
            """;
        const string advance =
            """
            UPDATE orchestration.schedules
            SET next_at = $3::timestamptz, status = CASE WHEN $3::timestamptz IS NULL THEN 'ended' ELSE status END, fired = fired + $4, last_at = coalesce($5, last_at)
            WHERE tenant = $1 AND id = $2
            """;
        var due = DueTimes.Of(schedule.Times, schedule.Definition, schedule.NextAt!.Value, now, options.Value.Tolerance);
        DateTime[] times = [.. due.Fire.Select(t => t.UtcDateTime)];
        var batch = new NpgsqlBatch();
        batch.BatchCommands.Add(Sql.Statement(
            insert, schedule.Tenant, schedule.Id, times, due.Fire.Select(t => FireRecord.RequestOf(schedule.Id, t)).ToArray(), schedule.Fired, now));
        batch.BatchCommands.Add(Sql.Statement(advance, schedule.Tenant, schedule.Id, due.Next, (long)times.Length, times.Length == 0 ? null : due.Fire[^1]));
        return batch;
    }
}
