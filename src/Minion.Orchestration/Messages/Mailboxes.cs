using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Minion.Contracts.Faults;
using Minion.Data;
using Npgsql;

namespace Minion.Orchestration.Messages;

/// <summary>
/// Hands messages out and takes back what became of them. Leases, pauses and expiry are by the database's clock. Whoever changes deliveries of a lane
/// locks it first, and looks at them in a later statement, which then sees what the lock has waited for.
/// </summary>
internal sealed class Mailboxes([FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource database, IOptions<MessageOptions> options)
{
    /// <summary>Looks at one mailbox, one after the other, while messages turn out to be dead.</summary>
    private const int MostLooks = 100;

    /// <summary>A call of a tool takes no more when it has so many characters.</summary>
    private const int MostTaken = 256 * 1024;

    /// <summary>Leases the first message of each of up to <paramref name="limit"/> senders.</summary>
    public async Task<List<DeliveryRecord>> ReceiveAsync(string tenant, string receiver, int limit, TimeSpan lease, CancellationToken cancellation)
    {
        for (var look = 0; look < MostLooks; look++)
        {
            await using var transaction = await database.BeginTenantAsync(tenant, cancellation);
            var senders = await LockReadyAsync(transaction, [receiver], limit, cancellation);
            if (senders.Count == 0)
            {
                return [];
            }

            var o = options.Value;
            var leased = await transaction.QueryAsync(
                MailboxSql.Lease,
                [tenant, receiver, senders.ConvertAll(s => s.Sender).ToArray(), lease, o.MaxAttempts, o.Backoff, o.LongestBackoff],
                ReadDelivery,
                cancellation);
            await transaction.CommitAsync(cancellation);
            if (leased.Count > 0)
            {
                return leased;
            }
        }

        return [];
    }

    /// <summary>
    /// Takes messages for good, for a call of a tool: a repeated call with the same key gets the same messages. A call that got none may get some when it
    /// is repeated.
    /// </summary>
    public async Task<List<MessageRecord>> TakeAsync(string tenant, string[] receivers, int limit, string key, CancellationToken cancellation)
    {
        await using var transaction = await database.BeginTenantAsync(tenant, cancellation);
        var taken = await transaction.QueryAsync(MailboxSql.Taken, [tenant, key], row => MessageRecord.Read(row), cancellation);
        if (taken.Count > 0)
        {
            return taken;
        }

        while (taken.Count < limit && taken.Sum(m => m.Payload.Length) < MostTaken)
        {
            var lanes = await LockReadyAsync(transaction, receivers, limit - taken.Count, cancellation);
            if (lanes.Count == 0)
            {
                break;
            }

            taken.AddRange(await transaction.QueryAsync(
                MailboxSql.Take,
                [tenant, lanes.ConvertAll(l => l.Receiver).ToArray(), lanes.ConvertAll(l => l.Sender).ToArray(), key],
                row => MessageRecord.Read(row),
                cancellation));
        }

        await transaction.CommitAsync(cancellation);
        return taken;
    }

    /// <summary>Returns the mailbox when it has more of that sender, else null.</summary>
    /// <exception cref="Fault">There is no such delivery, or its lease was lost.</exception>
    public Task<string?> AcknowledgeAsync(string tenant, Guid delivery, Guid lease, CancellationToken cancellation) =>
        EndAsync(tenant, delivery, lease, "acknowledged", MailboxSql.End, ["acknowledged", null, null], cancellation);

    /// <summary>As <see cref="AcknowledgeAsync"/>, for a message that was not dealt with.</summary>
    public Task<string?> RejectAsync(string tenant, Guid delivery, Guid lease, bool dead, string reason, CancellationToken cancellation)
    {
        var o = options.Value;
        return dead
            ? EndAsync(tenant, delivery, lease, "dead", MailboxSql.End, ["dead", "rejected", reason], cancellation)
            : EndAsync(tenant, delivery, lease, "pending", MailboxSql.Requeue, [reason, o.MaxAttempts, o.Backoff, o.LongestBackoff], cancellation);
    }

    /// <summary>Until when the lease is.</summary>
    /// <exception cref="Fault">There is no such delivery, or its lease was lost.</exception>
    public async Task<DateTimeOffset> ExtendAsync(string tenant, Guid delivery, Guid lease, TimeSpan until, CancellationToken cancellation)
    {
        var o = options.Value;
        await using var transaction = await database.BeginTenantAsync(tenant, cancellation);
        await LockLaneAsync(transaction, delivery, cancellation);
        var extended = await transaction.QueryAsync(
            MailboxSql.Extend, [tenant, delivery, lease, until, o.Backoff, o.LongestBackoff], row => row.GetFieldValue<DateTimeOffset>(0), cancellation);
        await transaction.CommitAsync(cancellation);
        return extended is [var at] ? at : throw MessageFaults.LeaseLost(delivery);
    }

    private async Task<string?> EndAsync(string tenant, Guid delivery, Guid lease, string wanted, string sql, object?[] values, CancellationToken cancellation)
    {
        await using var transaction = await database.BeginTenantAsync(tenant, cancellation);
        await LockLaneAsync(transaction, delivery, cancellation);
        var ended = await transaction.QueryAsync(
            sql, [tenant, delivery, lease, .. values], row => (Receiver: row.GetString(0), HasMore: row.GetBoolean(1)), cancellation);
        if (ended is [var (receiver, hasMore)])
        {
            await transaction.CommitAsync(cancellation);
            return hasMore ? receiver : null;
        }

        // A repeated call finds what the first one did.
        var status = await transaction.QueryAsync(
            "SELECT status FROM orchestration.deliveries WHERE tenant = $1 AND id = $2 AND lease_id = $3", [tenant, delivery, lease], row => row.GetString(0), cancellation);
        return status is [var current] && current == wanted ? null : throw MessageFaults.LeaseLost(delivery);
    }

    private static async Task LockLaneAsync(TenantTransaction transaction, Guid delivery, CancellationToken cancellation)
    {
        var locked = await transaction.QueryAsync(MailboxSql.LockLane, [transaction.Tenant, delivery], _ => true, cancellation);
        if (locked.Count == 0)
        {
            throw MessageFaults.UnknownDelivery(delivery);
        }
    }

    private static Task<List<(string Receiver, string Sender)>> LockReadyAsync(
        TenantTransaction transaction, string[] receivers, int limit, CancellationToken cancellation) =>
        transaction.QueryAsync(MailboxSql.LockReady, [transaction.Tenant, receivers, limit], row => (row.GetString(0), row.GetString(1)), cancellation);

    private static DeliveryRecord ReadDelivery(NpgsqlDataReader row)
    {
        const int first = MessageRecord.ColumnCount;
        return new DeliveryRecord(
            row.GetGuid(first),
            row.GetGuid(first + 1),
            MessageRecord.Read(row),
            row.GetString(first + 2),
            row.GetInt64(first + 3),
            row.GetInt32(first + 4),
            row.GetFieldValue<DateTimeOffset>(first + 5));
    }
}
