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
    [FromKeyedServices(DatabaseRoles.Engine)] NpgsqlDataSource database,
    SessionRemoval removal,
    IOptions<SessionSweepOptions> options,
    TimeProvider time)
{
    /// <summary>How long a session that cannot go yet is left alone.</summary>
    private static readonly TimeSpan Later = TimeSpan.FromHours(1);

    // What expired long ago becomes nobody's, unless a run of it is under way; what is nobody's is handed out to be finished.
    private const string Sweep =
        $"""
        WITH due AS MATERIALIZED (
          SELECT s.tenant, s.id, s.status, s.expires_at, s.status = 'expired' AND {SessionRuns.UnderWay} AS busy
          FROM orchestration.sessions s
          WHERE s.sweep_at <= $1
          ORDER BY s.sweep_at
          LIMIT $3
          FOR UPDATE SKIP LOCKED
        ), updated AS (
          UPDATE orchestration.sessions s
          SET status = CASE WHEN d.expires_at <= $1 THEN 'expired' ELSE s.status END,
            sweep_at = CASE WHEN d.expires_at <= $1 THEN d.expires_at + $2 ELSE d.expires_at END
          FROM due d
          WHERE d.status = 'active' AND s.tenant = d.tenant AND s.id = d.id
          RETURNING s.status
        ), leaving AS (
          UPDATE orchestration.sessions s
          SET status = CASE WHEN d.busy THEN s.status ELSE 'deleted' END, sweep_at = $1 + $4
          FROM due d
          WHERE d.status IN ('expired', 'deleted') AND s.tenant = d.tenant AND s.id = d.id
          RETURNING s.tenant, s.id, s.status
        )
        SELECT (SELECT count(*) FROM due)::int, (SELECT count(*) FROM updated WHERE status = 'expired')::int,
          ARRAY(SELECT tenant FROM leaving WHERE status = 'deleted' ORDER BY id), ARRAY(SELECT id FROM leaving WHERE status = 'deleted' ORDER BY id)
        """;

    /// <summary>Sweeps until nothing is due; returns how many sessions expired and how many were deleted.</summary>
    public async Task<(int Expired, int Deleted)> SweepAsync(CancellationToken cancellation)
    {
        var (expired, deleted) = (0, 0);
        while (true)
        {
            var (seen, nowExpired, leaving) = await SweepBatchAsync(cancellation);
            expired += nowExpired;
            foreach (var (tenant, id) in leaving)
            {
                deleted += await removal.FinishAsync(tenant, id, cancellation) ? 1 : 0;
            }

            if (seen < options.Value.SweepBatch)
            {
                return (expired, deleted);
            }
        }
    }

    private async Task<(int Seen, int Expired, IReadOnlyList<(string Tenant, Guid Id)> Leaving)> SweepBatchAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Sweep);
        command.Parameters.Add(new() { Value = time.GetStoredNow() });
        command.Parameters.Add(new() { Value = TimeSpan.FromDays(options.Value.RetentionDays) });
        command.Parameters.Add(new() { Value = options.Value.SweepBatch });
        command.Parameters.Add(new() { Value = Later });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (reader.GetInt32(0), reader.GetInt32(1), [.. reader.GetFieldValue<string[]>(2).Zip(reader.GetFieldValue<Guid[]>(3))]);
    }
}
