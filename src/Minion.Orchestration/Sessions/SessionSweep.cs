using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Minion.Data;
using Npgsql;

namespace Minion.Orchestration.Sessions;

/// <summary>
/// Expires sessions that were not used for their time to live, and deletes those that expired long ago. Several processes may sweep at once: each
/// skips what another has locked.
/// </summary>
internal sealed class SessionSweep(
    [FromKeyedServices(DatabaseRoles.Engine)] NpgsqlDataSource database, IOptions<SessionSweepOptions> options, TimeProvider time)
{
    /// <summary>Sweeps until nothing is due; returns how many sessions expired and how many were deleted.</summary>
    public async Task<(int Expired, int Deleted)> SweepAsync(CancellationToken cancellation)
    {
        var (expired, deleted) = (0, 0);
        while (true)
        {
            var (seen, nowExpired, nowDeleted) = await SweepBatchAsync(cancellation);
            (expired, deleted) = (expired + nowExpired, deleted + nowDeleted);
            if (seen < options.Value.SweepBatch)
            {
                return (expired, deleted);
            }
        }
    }

    private async Task<(int Seen, int Expired, int Deleted)> SweepBatchAsync(CancellationToken cancellation)
    {
        const string sweep = """
            WITH due AS MATERIALIZED (
              SELECT tenant, id, status, expires_at
              FROM orchestration.sessions
              WHERE sweep_at <= $1
              ORDER BY sweep_at
              LIMIT $3
              FOR UPDATE SKIP LOCKED
            ), updated AS (
              UPDATE orchestration.sessions s
              SET status = CASE WHEN d.expires_at <= $1 THEN 'expired' ELSE s.status END,
                sweep_at = CASE WHEN d.expires_at <= $1 THEN d.expires_at + $2 ELSE d.expires_at END
              FROM due d
              WHERE d.status = 'active' AND s.tenant = d.tenant AND s.id = d.id
              RETURNING s.status
            ), deleted AS (
              DELETE FROM orchestration.sessions s
              USING due d
              WHERE d.status = 'expired' AND s.tenant = d.tenant AND s.id = d.id
              RETURNING 1
            )
            SELECT (SELECT count(*) FROM due)::int, (SELECT count(*) FROM updated WHERE status = 'expired')::int, (SELECT count(*) FROM deleted)::int
            """;
        await using var command = database.CreateCommand(sweep);
        command.Parameters.Add(new() { Value = time.GetStoredNow() });
        command.Parameters.Add(new() { Value = TimeSpan.FromDays(options.Value.RetentionDays) });
        command.Parameters.Add(new() { Value = options.Value.SweepBatch });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2));
    }
}
