using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Minion.Data;
using Minion.Orchestration.Runs.Engine.Failpoints;
using Npgsql;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>Makes waiting runs ready whose time has come, whichever process they were executed by. Asks at most once in the shortest poll.</summary>
internal sealed class Timers([FromKeyedServices(DatabaseRoles.EngineByKey)] NpgsqlDataSource engine, IOptions<EngineOptions> options, TimeProvider time)
{
    private const int MaxWoken = 256;

    // Rows that are locked just now (a signal comes in) are left to the next time.
    private const string Wake =
        """
        WITH due AS MATERIALIZED (
          SELECT r.tenant, r.id FROM orchestration.runs r
          WHERE r.wake_at <= $1 AND r.status = 'waiting' ORDER BY r.wake_at LIMIT $2 FOR UPDATE SKIP LOCKED
        ), woken AS (
          UPDATE orchestration.runs r SET
            status = 'ready',
            deadline = r.deadline + coalesce($1 - r.waiting_since, '0'),
            paused = r.paused + coalesce($1 - r.waiting_since, '0'),
            waiting_since = NULL,
            wake_at = NULL
          FROM due WHERE r.tenant = due.tenant AND r.id = due.id
          RETURNING r.tenant, r.priority, r.id
        ), queued AS (
          INSERT INTO orchestration.ready (tenant, priority, run_id) SELECT tenant, priority, id FROM woken
          ON CONFLICT (tenant, run_id) DO NOTHING
        )
        SELECT (SELECT count(*) FROM woken), (SELECT wake_at FROM orchestration.runs WHERE wake_at > $1 ORDER BY wake_at LIMIT 1)
        """;

    private long? _askedAt;
    private DateTimeOffset? _next;

    /// <summary>How long until the next time, at most <paramref name="longest"/>.</summary>
    public TimeSpan Until(TimeSpan longest)
    {
        var left = _next - time.GetUtcNow();
        return left < longest ? left < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : left.Value : longest;
    }

    public async Task WakeAsync(CancellationToken ct)
    {
        if (_askedAt is { } at && time.GetElapsedTime(at) < options.Value.PollShortest && !(_next <= time.GetUtcNow()))
        {
            return;
        }

        _askedAt = time.GetTimestamp();
        long woken;
        do
        {
            woken = await WakeSomeAsync(ct);
            Failpoint.Hit(FailpointList.TimersAfter, woken > 0);
        }
        while (woken == MaxWoken);
    }

    private async Task<long> WakeSomeAsync(CancellationToken ct)
    {
        await using var connection = await engine.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(Wake, connection)
        {
            Parameters = { new() { Value = time.GetStoredNow().UtcDateTime }, new() { Value = (long)MaxWoken } },
        };
        Failpoint.Hit(FailpointList.TimersBefore);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        _next = reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1);
        return reader.GetInt64(0);
    }
}
