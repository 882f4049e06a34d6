using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Data;
using Npgsql;

namespace Minion.Orchestration.Messages;

/// <summary>Messages that could not be delivered.</summary>
internal sealed class DeadLetterStore([FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource database, Receivers receivers, TimeProvider time)
{
    private const string Joined =
        "d.id, d.receiver, d.reason, d.detail, d.attempt, d.ended_at FROM orchestration.deliveries d JOIN orchestration.messages m ON m.tenant = d.tenant AND m.id = d.message_id";

    /// <summary>Those before <paramref name="before"/>, newest first, with the beginning of what they say.</summary>
    public Task<List<DeadLetter>> ListAsync(string tenant, string receiver, Guid before, int limit, CancellationToken cancellation) => database.QueryAsync(
        tenant,
        $"""
        SELECT {MessageRecord.ShortColumns}, {Joined}
        WHERE d.tenant = $1 AND d.status = 'dead' AND d.id < $2 AND ($3 = '' OR d.receiver = $3)
        ORDER BY d.id DESC
        LIMIT $4
        """,
        [tenant, before, receiver, limit],
        Read,
        cancellation);

    public async Task<DeadLetter?> FindAsync(string tenant, Guid id, CancellationToken cancellation)
    {
        var found = await database.QueryAsync(
            tenant, $"SELECT {MessageRecord.Columns}, {Joined} WHERE d.tenant = $1 AND d.status = 'dead' AND d.id = $2", [tenant, id], Read, cancellation);
        return found is [var one] ? one : null;
    }

    /// <summary>The mailboxes that it is in again.</summary>
    /// <exception cref="Fault">There is no such dead letter, or nobody to receive it.</exception>
    public async Task<IReadOnlyList<string>> ReplayAsync(string tenant, Guid id, CancellationToken cancellation)
    {
        await using var transaction = await database.BeginTenantAsync(tenant, cancellation);
        var found = await transaction.QueryAsync(
            "SELECT message_id, receiver, sender FROM orchestration.deliveries WHERE tenant = $1 AND id = $2 AND status = 'dead' FOR UPDATE",
            [tenant, id],
            row => (Message: row.GetGuid(0), Receiver: row.GetString(1), Sender: row.GetString(2)),
            cancellation);
        if (found is not [var (message, receiver, sender)])
        {
            throw MessageFaults.NoDeadLetter(id);
        }

        var to = await ReceiversOfAsync(transaction, receiver, cancellation);
        await transaction.ExecuteAsync("DELETE FROM orchestration.deliveries WHERE tenant = $1 AND id = $2", [tenant, id], cancellation);
        await SendStore.DeliverAsync(transaction, message, sender, expiresAt: null, to, time, cancellation);
        await transaction.CommitAsync(cancellation);
        return to;
    }

    /// <summary>False when there is none.</summary>
    public async Task<bool> DeleteAsync(string tenant, Guid id, CancellationToken cancellation)
    {
        await using var transaction = await database.BeginTenantAsync(tenant, cancellation);
        var deleted = await transaction.ExecuteAsync(
            "DELETE FROM orchestration.deliveries WHERE tenant = $1 AND id = $2 AND status = 'dead'", [tenant, id], cancellation);
        await transaction.CommitAsync(cancellation);
        return deleted > 0;
    }

    private async Task<IReadOnlyList<string>> ReceiversOfAsync(TenantTransaction transaction, string receiver, CancellationToken cancellation)
    {
        // A mailbox that starts runs is the agent's own: it is there as long as the agent is.
        var starts = receiver.StartsWith(Address.Starts, StringComparison.Ordinal);
        if (!Address.TryParse(starts ? "agent:" + receiver[Address.Starts.Length..] : receiver, out var address))
        {
            throw new InvalidOperationException($"'{receiver}' is no mailbox.");
        }

        if (address.Value.Kind == AddressKind.Topic)
        {
            var to = await receivers.ResolveAsync(transaction, address.Value, cancellation);
            return to.Count > 0 ? to : throw MessageFaults.NoSubscriber(address.Value.Name);
        }

        await receivers.CheckAsync(transaction, address.Value, cancellation);
        return [receiver];
    }

    private static DeadLetter Read(NpgsqlDataReader row)
    {
        const int first = MessageRecord.ColumnCount;
        return new DeadLetter
        {
            Message = MessageRecord.Read(row).ToProto(),
            Id = row.GetGuid(first).ToString(),
            Receiver = row.GetString(first + 1),
            Reason = row.TextOrNull(first + 2) ?? "",
            Detail = row.TextOrNull(first + 3) ?? "",
            Attempts = row.GetInt32(first + 4),
            DeadAt = Timestamp.FromDateTimeOffset(row.GetFieldValue<DateTimeOffset>(first + 5)),
        };
    }
}
