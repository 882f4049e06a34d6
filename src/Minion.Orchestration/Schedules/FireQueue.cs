using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Orchestration.V1;
using Minion.Data;
using Npgsql;

namespace Minion.Orchestration.Schedules;

/// <summary>Starts the runs of the times that were noted, those of one schedule in their order, as its overlap policy says.</summary>
internal sealed class FireQueue(
    [FromKeyedServices(DatabaseRoles.Engine)] NpgsqlDataSource database, FireStarter starter, TimeProvider time)
{
    private const int MostQueued = 100;
    private const int MostAttempts = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Deals with one time; false when none is due.</summary>
    public async Task<bool> StartOneAsync(CancellationToken cancellation)
    {
        var now = time.GetStoredNow();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await FindAsync(connection, now, cancellation) is not { } fire)
        {
            return false;
        }

        var decision = await DecideAsync(connection, fire, cancellation);
        await WriteAsync(connection, fire, decision, now, cancellation);
        await transaction.CommitAsync(CancellationToken.None);
        return true;
    }

    /// <summary>Notes a run that was started beside the times.</summary>
    public async Task<Guid> TriggerAsync(FireRecord fire, CancellationToken cancellation)
    {
        const string insert =
            """
            INSERT INTO orchestration.schedule_fires (tenant, schedule_id, at, request_id, number, triggered, status, run_id, fired_at)
            VALUES ($1, $2, $3, $4, $5, true, 'started', $6, $3)
            ON CONFLICT DO NOTHING
            """;
        var outcome = await starter.StartAsync(fire, cancellation);
        if (outcome.Run is not { } run)
        {
            throw new Contracts.Faults.Fault(Grpc.Core.StatusCode.FailedPrecondition, "SCHEDULE_NOT_STARTED", outcome.Refusal, "Correct that, and trigger the schedule again.");
        }

        await using var command = database.CreateCommand(insert);
        foreach (object value in new object[] { fire.Schedule.Tenant, fire.Schedule.Id, fire.At, fire.RequestId, fire.Number, run })
        {
            command.Parameters.Add(new() { Value = value });
        }

        await command.ExecuteNonQueryAsync(CancellationToken.None);
        return run;
    }

    // A retry is never further away than the longest pause: one that seems to be was noted before the clock was set back.
    private static async Task<FireRecord?> FindAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancellation)
    {
        const string query =
            $"""
            SELECT {ScheduleRecord.Columns}, {FireRecord.Columns}
            FROM orchestration.schedule_fires f JOIN orchestration.schedules s ON s.tenant = f.tenant AND s.id = f.schedule_id
            WHERE f.status = 'due' AND (f.retry_at <= $1 OR f.retry_at > $2) AND s.status <> 'paused' AND NOT EXISTS (
              SELECT FROM orchestration.schedule_fires e
              WHERE e.tenant = f.tenant AND e.schedule_id = f.schedule_id AND e.status = 'due' AND e.at < f.at)
            ORDER BY f.retry_at
            LIMIT 1
            FOR UPDATE OF f, s SKIP LOCKED
            """;
        await using var command = new NpgsqlCommand(query, connection) { Parameters = { new() { Value = now }, new() { Value = now + LongestPause } } };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? FireRecord.Read(reader) : null;
    }

    private async Task<Decision> DecideAsync(NpgsqlConnection connection, FireRecord fire, CancellationToken cancellation)
    {
        var overlap = fire.Schedule.Definition.Overlap;
        if (overlap != OverlapPolicy.Allow && await IsGoingAsync(connection, fire, cancellation) is { } going)
        {
            if (overlap != OverlapPolicy.Queue)
            {
                return new Decision("skipped", Reason: $"run {going} was still going");
            }

            return await WaitingAsync(connection, fire, cancellation) > MostQueued
                ? new Decision("skipped", Reason: $"more than {MostQueued} times were waiting")
                : new Decision("due", Pause: Pause, Attempts: fire.Attempts);
        }

        var outcome = await starter.StartAsync(fire, cancellation);
        return outcome switch
        {
            { Run: { } run } => new Decision("started", run),
            { MayPass: true } when fire.Attempts < MostAttempts => new Decision("due", Reason: outcome.Refusal, Pause: Backoff(fire.Attempts), Attempts: fire.Attempts + 1),
            _ => new Decision("failed", Reason: outcome.Refusal),
        };
    }

    /// <summary>A run of the schedule that has not ended; those that have are noted as such.</summary>
    private static async Task<Guid?> IsGoingAsync(NpgsqlConnection connection, FireRecord fire, CancellationToken cancellation)
    {
        const string query =
            """
            WITH seen AS (
              UPDATE orchestration.schedule_fires f SET ended = true
              WHERE f.tenant = $1 AND f.schedule_id = $2 AND f.status = 'started' AND NOT f.ended AND NOT EXISTS (
                SELECT FROM orchestration.runs r WHERE r.tenant = $1 AND r.id = f.run_id AND r.status IN ('ready', 'running', 'waiting'))
            )
            SELECT f.run_id FROM orchestration.schedule_fires f
            JOIN orchestration.runs r ON r.tenant = $1 AND r.id = f.run_id AND r.status IN ('ready', 'running', 'waiting')
            WHERE f.tenant = $1 AND f.schedule_id = $2 AND f.status = 'started' AND NOT f.ended
            LIMIT 1
            """;
        await using var command = new NpgsqlCommand(query, connection) { Parameters = { new() { Value = fire.Schedule.Tenant }, new() { Value = fire.Schedule.Id } } };
        return await command.ExecuteScalarAsync(cancellation) as Guid?;
    }

    private static async Task<long> WaitingAsync(NpgsqlConnection connection, FireRecord fire, CancellationToken cancellation)
    {
        const string query = "SELECT count(*) FROM orchestration.schedule_fires WHERE tenant = $1 AND schedule_id = $2 AND status = 'due'";
        await using var command = new NpgsqlCommand(query, connection) { Parameters = { new() { Value = fire.Schedule.Tenant }, new() { Value = fire.Schedule.Id } } };
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task WriteAsync(NpgsqlConnection connection, FireRecord fire, Decision decision, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Sql.Statement(
            """
            UPDATE orchestration.schedule_fires SET status = $4, run_id = $5, reason = $6, retry_at = $7::timestamptz, attempts = $8
            WHERE tenant = $1 AND schedule_id = $2 AND request_id = $3
            """,
            fire.Schedule.Tenant,
            fire.Schedule.Id,
            fire.RequestId,
            decision.Status,
            decision.Run,
            decision.Reason,
            decision.Status == "due" ? now + decision.Pause : null,
            decision.Attempts));
        if (decision.Status != "due")
        {
            batch.BatchCommands.Add(Sql.Statement(
                "UPDATE orchestration.schedules SET last_run_id = coalesce($3, last_run_id), last_failure = $4 WHERE tenant = $1 AND id = $2",
                fire.Schedule.Tenant,
                fire.Schedule.Id,
                decision.Run,
                decision.Reason));
        }

        // Not given up with the process: the run has started.
        await batch.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private static TimeSpan Backoff(int attempts) => TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, Math.Pow(2, attempts)));

    private readonly record struct Decision(string Status, Guid? Run = null, string? Reason = null, TimeSpan Pause = default, int Attempts = 0);
}
