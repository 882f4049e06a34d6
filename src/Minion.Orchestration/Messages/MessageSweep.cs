using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Minion.Data;
using Npgsql;

namespace Minion.Orchestration.Messages;

/// <summary>
/// Buries what has expired or has no receiver any more, and forgets what is over. Several processes may sweep at once: each skips what another has locked.
/// </summary>
internal sealed class MessageSweep([FromKeyedServices(DatabaseRoles.Engine)] NpgsqlDataSource database, IOptions<MessageOptions> options)
{
    private const string ExpiredLanes =
        """
        SELECT l.tenant, l.receiver, l.sender FROM orchestration.lanes l
        WHERE (l.tenant, l.receiver, l.sender) IN (
          SELECT d.tenant, d.receiver, d.sender FROM orchestration.deliveries d
          WHERE d.expires_at <= now() AND d.ended_at IS NULL AND (d.status = 'pending' OR d.leased_until <= now())
          ORDER BY d.expires_at
          LIMIT 500)
        FOR UPDATE SKIP LOCKED
        """;

    private const string EndedLanes =
        """
        SELECT l.tenant, l.receiver, l.sender FROM orchestration.lanes l
        WHERE l.ready_at IS NOT NULL AND (
          l.receiver LIKE 'run:%' AND NOT EXISTS (
            SELECT FROM orchestration.runs r
            WHERE r.tenant = l.tenant AND r.id = substr(l.receiver, 5)::uuid AND r.status IN ('ready', 'running', 'waiting', 'failed'))
          OR l.receiver ~ '^(agent|starts):' AND NOT EXISTS (
            SELECT FROM orchestration.agents a
            WHERE a.tenant = l.tenant AND a.name = split_part(l.receiver, ':', 2) AND a.deleted_at IS NULL AND a.status <> 'archived'))
        LIMIT 500
        FOR UPDATE SKIP LOCKED
        """;

    // A statement of its own after the lock, so that it sees what others did before it.
    private const string Bury =
        """
        WITH lane AS (
          SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) AS x (tenant, receiver, sender)
        ), dead AS (
          UPDATE orchestration.deliveries d SET status = 'dead', reason = $4, ended_at = now()
          FROM lane x
          WHERE d.tenant = x.tenant AND d.receiver = x.receiver AND d.sender = x.sender AND d.ended_at IS NULL
            AND (d.status = 'pending' OR d.leased_until <= now()) AND ($4 <> 'expired' OR d.expires_at <= now())
          RETURNING d.id
        )
        UPDATE orchestration.lanes l
        SET ready_at = CASE WHEN EXISTS (
          SELECT FROM orchestration.deliveries o
          WHERE o.tenant = l.tenant AND o.receiver = l.receiver AND o.sender = l.sender AND o.ended_at IS NULL AND o.id NOT IN (SELECT id FROM dead))
          THEN coalesce(l.ready_at, now()) END
        FROM lane x
        WHERE l.tenant = x.tenant AND l.receiver = x.receiver AND l.sender = x.sender
        """;

    private const string ForgetDeliveries =
        """
        DELETE FROM orchestration.deliveries d USING (
          SELECT tenant, id FROM orchestration.deliveries
          WHERE ended_at < now() - $1::interval AND (status = 'acknowledged' OR ended_at < now() - $2::interval)
          ORDER BY ended_at
          LIMIT 1000
          FOR UPDATE SKIP LOCKED
        ) old
        WHERE d.tenant = old.tenant AND d.id = old.id
        """;

    private const string ForgetMessages =
        """
        DELETE FROM orchestration.messages m USING (
          SELECT tenant, id FROM orchestration.messages c
          WHERE c.sent_at < now() - $1::interval
            AND NOT EXISTS (SELECT FROM orchestration.deliveries d WHERE d.tenant = c.tenant AND d.message_id = c.id)
          ORDER BY c.sent_at
          LIMIT 1000
          FOR UPDATE SKIP LOCKED
        ) old
        WHERE m.tenant = old.tenant AND m.id = old.id
        """;

    private const string ForgetLanes =
        """
        DELETE FROM orchestration.lanes l
        WHERE l.ready_at IS NULL AND l.used_at < now() - $1::interval
          AND NOT EXISTS (SELECT FROM orchestration.deliveries d WHERE d.tenant = l.tenant AND d.receiver = l.receiver AND d.sender = l.sender)
        """;

    private const string ForgetArrivals =
        """
        DELETE FROM orchestration.barrier_arrivals a USING orchestration.barriers b
        WHERE a.at < now() - $1::interval AND b.tenant = a.tenant AND b.name = a.name AND a.generation < b.generation
        """;

    /// <summary>How many lanes had something to bury, and how many rows were forgotten.</summary>
    public async Task<(int Buried, int Forgotten)> SweepAsync(CancellationToken cancellation)
    {
        var buried = await BuryAsync(ExpiredLanes, "expired", cancellation) + await BuryAsync(EndedLanes, "receiver_ended", cancellation);
        var kept = TimeSpan.FromHours(options.Value.RetentionHours);
        var forgotten = await ExecuteAsync(ForgetDeliveries, cancellation, kept, TimeSpan.FromDays(options.Value.DeadLetterDays));
        forgotten += await ExecuteAsync(ForgetMessages, cancellation, kept);
        forgotten += await ExecuteAsync(ForgetLanes, cancellation, kept);
        forgotten += await ExecuteAsync(ForgetArrivals, cancellation, kept);
        return (buried, forgotten);
    }

    private async Task<int> BuryAsync(string lanes, string reason, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        List<(string Tenant, string Receiver, string Sender)> found;
        await using (var command = new NpgsqlCommand(lanes, connection))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            found = await reader.ReadAllAsync(row => (row.GetString(0), row.GetString(1), row.GetString(2)), cancellation);
        }

        if (found.Count > 0)
        {
            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(Sql.Statement(
                Bury, found.ConvertAll(l => l.Tenant).ToArray(), found.ConvertAll(l => l.Receiver).ToArray(), found.ConvertAll(l => l.Sender).ToArray(), reason));
            await batch.ExecuteNonQueryAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return found.Count;
    }

    private async Task<int> ExecuteAsync(string sql, CancellationToken cancellation, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return await command.ExecuteNonQueryAsync(cancellation);
    }
}
