using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Orchestration.V1;
using Minion.Data;
using Npgsql;

namespace Minion.Orchestration.Coordination;

/// <summary>Queues of work. An item that was taken comes back to its place when its lease is over; whoever took it before then has an old fence.</summary>
internal sealed class QueueStore([FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource database, TimeProvider time)
{
    private const string Columns = "i.id, i.attempt, i.fence, i.holder, i.leased_until, i.pushed_at";

    /// <summary>The item's id, and whether an item of the same key was there.</summary>
    public async Task<(Guid Id, bool Existed)> PushAsync(string tenant, string queue, string payload, string key, CancellationToken cancellation)
    {
        await using var transaction = await database.BeginTenantAsync(tenant, cancellation);
        var id = Guid.CreateVersion7(time.GetUtcNow());
        var inserted = await transaction.ExecuteAsync(
            """
            INSERT INTO orchestration.queue_items (tenant, queue, id, key, payload, pushed_at) VALUES ($1, $2, $3, nullif($4, ''), $5::jsonb, now())
            ON CONFLICT (tenant, queue, key) WHERE key IS NOT NULL DO NOTHING
            """,
            [tenant, queue, id, key, payload],
            cancellation);
        if (inserted == 0)
        {
            var existing = await transaction.QueryAsync(
                "SELECT id FROM orchestration.queue_items WHERE tenant = $1 AND queue = $2 AND key = $3", [tenant, queue, key], row => row.GetGuid(0), cancellation);

            // Completed since: the same work was done already.
            return (existing is [var known] ? known : id, true);
        }

        await transaction.CommitAsync(cancellation);
        return (id, false);
    }

    /// <summary>Leases the oldest items that nobody has, as many as one answer holds.</summary>
    public async Task<List<QueueItem>> TakeAsync(string tenant, string queue, string holder, int limit, TimeSpan lease, CancellationToken cancellation)
    {
        const string take =
            $"""
            WITH free AS MATERIALIZED (
              SELECT id, seq, octet_length(payload::text) AS bytes FROM orchestration.queue_items
              WHERE tenant = $1 AND queue = $2 AND (leased_until IS NULL OR leased_until <= now())
              ORDER BY seq
              LIMIT $4
              FOR UPDATE SKIP LOCKED
            ), fitting AS (
              SELECT id FROM (SELECT id, sum(bytes) OVER (ORDER BY seq) AS total FROM free) f WHERE total <= 3000000
            )
            UPDATE orchestration.queue_items i
            SET attempt = attempt + 1, fence = nextval('orchestration.fences'), holder = $3, leased_until = now() + $5
            FROM fitting f
            WHERE i.tenant = $1 AND i.queue = $2 AND i.id = f.id
            RETURNING {Columns}, i.payload::text, i.seq
            """;
        await using var transaction = await database.BeginTenantAsync(tenant, cancellation);
        var taken = await transaction.QueryAsync(take, [tenant, queue, holder, limit, lease], row => (Item: Read(row), Seq: row.GetInt64(7)), cancellation);
        await transaction.CommitAsync(cancellation);
        return [.. taken.OrderBy(t => t.Seq).Select(t => t.Item)];
    }

    /// <summary>Removes the item; false when somebody else has it since.</summary>
    public Task<bool> CompleteAsync(string tenant, string queue, Guid id, long fence, CancellationToken cancellation) => ChangeAsync(
        tenant, "DELETE FROM orchestration.queue_items WHERE tenant = $1 AND queue = $2 AND id = $3 AND fence = $4", [tenant, queue, id, fence], cancellation);

    /// <summary>Puts the item back; false when somebody else has it since.</summary>
    public Task<bool> ReturnAsync(string tenant, string queue, Guid id, long fence, CancellationToken cancellation) => ChangeAsync(
        tenant,
        """
        UPDATE orchestration.queue_items SET leased_until = NULL, holder = NULL, fence = nextval('orchestration.fences')
        WHERE tenant = $1 AND queue = $2 AND id = $3 AND ($4 = 0 OR fence = $4)
        """,
        [tenant, queue, id, fence],
        cancellation);

    /// <summary>Until when it is held; null when somebody else has it since, or may have it.</summary>
    public async Task<DateTimeOffset?> RenewAsync(string tenant, string queue, Guid id, long fence, TimeSpan lease, CancellationToken cancellation)
    {
        await using var transaction = await database.BeginTenantAsync(tenant, cancellation);
        var renewed = await transaction.QueryAsync(
            """
            UPDATE orchestration.queue_items SET leased_until = now() + $5
            WHERE tenant = $1 AND queue = $2 AND id = $3 AND fence = $4 AND leased_until > now()
            RETURNING leased_until
            """,
            [tenant, queue, id, fence, lease],
            row => row.GetFieldValue<DateTimeOffset>(0),
            cancellation);
        await transaction.CommitAsync(cancellation);
        return renewed is [var at] ? at : null;
    }

    public Task<List<Queue>> ListAsync(string tenant, CancellationToken cancellation) => database.QueryAsync(
        tenant,
        """
        SELECT queue, count(*), count(*) FILTER (WHERE leased_until > now()), min(pushed_at)
        FROM orchestration.queue_items WHERE tenant = $1 GROUP BY queue ORDER BY queue LIMIT 200
        """,
        [tenant],
        row => new Queue
        {
            Name = row.GetString(0),
            Items = row.GetInt64(1),
            Leased = row.GetInt64(2),
            OldestAt = Timestamp.FromDateTimeOffset(row.GetFieldValue<DateTimeOffset>(3)),
        },
        cancellation);

    /// <summary>Oldest first, with the beginning of what they say.</summary>
    public Task<List<QueueItem>> ItemsAsync(string tenant, string queue, int limit, CancellationToken cancellation) => database.QueryAsync(
        tenant,
        $"""
        SELECT {Columns}, left(i.payload::text, 1000) FROM orchestration.queue_items i
        WHERE i.tenant = $1 AND i.queue = $2 ORDER BY i.seq LIMIT $3
        """,
        [tenant, queue, limit],
        Read,
        cancellation);

    public Task<bool> DeleteAsync(string tenant, string queue, CancellationToken cancellation) =>
        ChangeAsync(tenant, "DELETE FROM orchestration.queue_items WHERE tenant = $1 AND queue = $2", [tenant, queue], cancellation);

    private async Task<bool> ChangeAsync(string tenant, string sql, object?[] values, CancellationToken cancellation)
    {
        await using var transaction = await database.BeginTenantAsync(tenant, cancellation);
        var changed = await transaction.ExecuteAsync(sql, values, cancellation);
        await transaction.CommitAsync(cancellation);
        return changed > 0;
    }

    private static QueueItem Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0).ToString(),
        Attempt = row.GetInt32(1),
        Fence = row.GetInt64(2),
        Holder = row.TextOrNull(3) ?? "",
        LeasedUntil = row.IsDBNull(4) ? null : Timestamp.FromDateTimeOffset(row.GetFieldValue<DateTimeOffset>(4)),
        PushedAt = Timestamp.FromDateTimeOffset(row.GetFieldValue<DateTimeOffset>(5)),
        Payload = row.GetString(6),
    };
}
