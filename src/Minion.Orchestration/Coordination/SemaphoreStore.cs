using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Orchestration.V1;
using Minion.Data;
using Npgsql;
using Semaphore = Minion.Contracts.Orchestration.V1.Semaphore;

namespace Minion.Orchestration.Coordination;

/// <summary>What an attempt to acquire came to.</summary>
/// <param name="Fence">The fence; 0 when it waits.</param>
/// <param name="ExpiresAt">Until when it holds, or keeps its place in the line.</param>
/// <param name="Ahead">How many are before it in the line.</param>
internal sealed record Place(long Fence, DateTimeOffset ExpiresAt, int Ahead);

/// <summary>
/// Semaphores. Each call locks the semaphore's row, forgets whose time is over, and gives the permits that are free to the first in the line; so the
/// line is kept in order without anybody who watches over it.
/// </summary>
internal sealed class SemaphoreStore([FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource database)
{
    /// <summary>How long a place in the line is kept after the last call for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const string Lock =
        """
        INSERT INTO orchestration.semaphores AS s (tenant, name, permits) VALUES ($1, $2, CASE WHEN $3 = 0 THEN 1 ELSE $3 END)
        ON CONFLICT (tenant, name) DO UPDATE SET permits = CASE WHEN $3 = 0 THEN s.permits ELSE $3 END
        """;

    private const string Forget = "DELETE FROM orchestration.semaphore_places WHERE tenant = $1 AND name = $2 AND expires_at <= now()";

    private const string Join =
        """
        INSERT INTO orchestration.semaphore_places AS p (tenant, name, holder, ticket, lease, since, expires_at)
        VALUES ($1, $2, $3, nextval('orchestration.fences'), $4, now(), now() + $5)
        ON CONFLICT (tenant, name, holder) DO UPDATE
        SET lease = excluded.lease, expires_at = CASE WHEN p.fence IS NULL THEN excluded.expires_at ELSE now() + $4 END
        """;

    private const string Grant =
        """
        UPDATE orchestration.semaphore_places p SET fence = nextval('orchestration.fences'), since = now(), expires_at = now() + p.lease
        FROM (
          SELECT w.holder FROM orchestration.semaphore_places w
          WHERE w.tenant = $1 AND w.name = $2 AND w.fence IS NULL
          ORDER BY w.ticket
          LIMIT greatest(0, (SELECT s.permits FROM orchestration.semaphores s WHERE s.tenant = $1 AND s.name = $2)
            - (SELECT count(*) FROM orchestration.semaphore_places h WHERE h.tenant = $1 AND h.name = $2 AND h.fence IS NOT NULL))
        ) first
        WHERE p.tenant = $1 AND p.name = $2 AND p.holder = first.holder
        """;

    private const string Look =
        """
        SELECT coalesce(p.fence, 0), p.expires_at, (
          SELECT count(*)::int FROM orchestration.semaphore_places w WHERE w.tenant = $1 AND w.name = $2 AND w.fence IS NULL AND w.ticket < p.ticket)
        FROM orchestration.semaphore_places p WHERE p.tenant = $1 AND p.name = $2 AND p.holder = $3
        """;

    /// <summary>Joins the line, or keeps the place in it, or the permit; and takes a permit when it is the holder's turn.</summary>
    public async Task<Place> AcquireAsync(string tenant, string name, int permits, string holder, TimeSpan lease, CancellationToken cancellation)
    {
        await using var batch = database.CreateTenantBatch(tenant);
        batch.BatchCommands.Add(Sql.Statement(Lock, tenant, name, permits));
        batch.BatchCommands.Add(Sql.Statement(Forget, tenant, name));
        batch.BatchCommands.Add(Sql.Statement(Join, tenant, name, holder, lease, Patience));
        batch.BatchCommands.Add(Sql.Statement(Grant, tenant, name));
        batch.BatchCommands.Add(Sql.Statement(Look, tenant, name, holder));
        await using var reader = await batch.ExecuteTenantReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var place = new Place(reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetInt32(2));

        // What is read before the end of the batch is not committed yet.
        while (await reader.NextResultAsync(cancellation))
        {
        }

        return place;
    }

    /// <summary>Until when it holds; null when it does not any more.</summary>
    public async Task<DateTimeOffset?> RenewAsync(string tenant, string name, string holder, long fence, TimeSpan lease, CancellationToken cancellation)
    {
        await using var transaction = await database.BeginTenantAsync(tenant, cancellation);
        var renewed = await transaction.QueryAsync(
            """
            UPDATE orchestration.semaphore_places SET expires_at = now() + $5, lease = $5
            WHERE tenant = $1 AND name = $2 AND holder = $3 AND fence = $4 AND expires_at > now()
            RETURNING expires_at
            """,
            [tenant, name, holder, fence, lease],
            row => row.GetFieldValue<DateTimeOffset>(0),
            cancellation);
        await transaction.CommitAsync(cancellation);
        return renewed is [var at] ? at : null;
    }

    /// <summary>Whether there was something to release; the permit goes to the next in the line at once.</summary>
    public async Task<bool> ReleaseAsync(string tenant, string name, string holder, long fence, CancellationToken cancellation)
    {
        await using var transaction = await database.BeginTenantAsync(tenant, cancellation);
        await transaction.ExecuteAsync("SELECT FROM orchestration.semaphores WHERE tenant = $1 AND name = $2 FOR UPDATE", [tenant, name], cancellation);
        await transaction.ExecuteAsync(Forget, [tenant, name], cancellation);
        var released = await transaction.ExecuteAsync(
            "DELETE FROM orchestration.semaphore_places WHERE tenant = $1 AND name = $2 AND holder = $3 AND ($4 = 0 OR fence = $4)",
            [tenant, name, holder, fence],
            cancellation);
        await transaction.ExecuteAsync(Grant, [tenant, name], cancellation);
        await transaction.CommitAsync(cancellation);
        return released > 0;
    }

    /// <summary>All semaphores, or the one of that name, with who holds them and who waits.</summary>
    public async Task<List<Semaphore>> ListAsync(string tenant, string name, CancellationToken cancellation)
    {
        var rows = await database.QueryAsync(
            tenant,
            """
            SELECT s.name, s.permits, p.holder, p.fence, p.ticket, p.since, p.expires_at
            FROM (SELECT * FROM orchestration.semaphores WHERE tenant = $1 AND ($2 = '' OR name = $2) ORDER BY name LIMIT 200) s
            LEFT JOIN orchestration.semaphore_places p ON p.tenant = s.tenant AND p.name = s.name AND p.expires_at > now()
            ORDER BY s.name, p.ticket
            LIMIT 5000
            """,
            [tenant, name],
            row => (Name: row.GetString(0), Permits: row.GetInt32(1), Holder: row.IsDBNull(2) ? null : ReadHolder(row)),
            cancellation);
        return [.. rows.GroupBy(r => (r.Name, r.Permits)).Select(g => new Semaphore
        {
            Name = g.Key.Name,
            Permits = g.Key.Permits,
            Holders = { g.Select(r => r.Holder).OfType<SemaphoreHolder>().Where(h => h.Fence > 0) },
            Waiting = { g.Select(r => r.Holder).OfType<SemaphoreHolder>().Where(h => h.Fence == 0) },
        })];
    }

    /// <summary>False when somebody holds it or waits for it; null when there is none.</summary>
    public async Task<bool?> DeleteAsync(string tenant, string name, CancellationToken cancellation)
    {
        await using var transaction = await database.BeginTenantAsync(tenant, cancellation);
        var found = await transaction.QueryAsync(
            "SELECT 1 FROM orchestration.semaphores WHERE tenant = $1 AND name = $2 FOR UPDATE", [tenant, name], _ => true, cancellation);
        if (found.Count == 0)
        {
            return null;
        }

        await transaction.ExecuteAsync(Forget, [tenant, name], cancellation);
        var deleted = await transaction.ExecuteAsync(
            """
            DELETE FROM orchestration.semaphores s WHERE tenant = $1 AND name = $2
              AND NOT EXISTS (SELECT FROM orchestration.semaphore_places p WHERE p.tenant = $1 AND p.name = $2)
            """,
            [tenant, name],
            cancellation);
        await transaction.CommitAsync(cancellation);
        return deleted > 0;
    }

    private static SemaphoreHolder ReadHolder(NpgsqlDataReader row) => new()
    {
        Holder = row.GetString(2),
        Fence = row.IsDBNull(3) ? 0 : row.GetInt64(3),
        Ticket = row.GetInt64(4),
        Since = Timestamp.FromDateTimeOffset(row.GetFieldValue<DateTimeOffset>(5)),
        ExpiresAt = Timestamp.FromDateTimeOffset(row.GetFieldValue<DateTimeOffset>(6)),
    };
}
