using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Minion.Contracts.Faults;
using Minion.Data;
using Npgsql;

namespace Minion.Orchestration.Messages;

/// <summary>A message that asks to be sent.</summary>
internal sealed record Outgoing(
    string Sender,
    Address To,
    string Performative,
    string Payload,
    string? Key,
    byte[] Hash,
    string ConversationId,
    Guid? InReplyTo,
    DateTimeOffset? ReplyBy,
    TimeSpan? TimeToLive)
{
    /// <summary>Whether it comes from a run that had read untrusted sources.</summary>
    public bool Tainted { get; init; }
}

/// <summary>A message that is durable, who has it in a mailbox, and whether it was so before.</summary>
internal sealed record Sent(MessageRecord Message, IReadOnlyList<string> Receivers, int Count, bool Existed);

/// <summary>Accepts messages: one transaction, in which each receiver gets its delivery.</summary>
internal sealed class SendStore(
    [FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource database, Receivers receivers, IOptions<MessageOptions> options, TimeProvider time)
{
    /// <exception cref="Fault">There is no such receiver, or the key was used for another message.</exception>
    public async Task<Sent> SendAsync(string tenant, Outgoing message, CancellationToken cancellation)
    {
        await using var transaction = await database.BeginTenantAsync(tenant, cancellation);
        if (message.Key is { } known && await ExistingAsync(transaction, message, known, cancellation) is { } before)
        {
            return before;
        }

        var to = await receivers.ResolveAsync(transaction, message.To, cancellation);
        if (await InsertAsync(transaction, message, to.Count, cancellation) is not { } inserted)
        {
            // Sent by somebody else with the same key since the look.
            return await ExistingAsync(transaction, message, message.Key!, cancellation) ?? throw MessageFaults.KeyReused(message.Key!);
        }

        if (to.Count > 0)
        {
            await DeliverAsync(transaction, inserted.Id, inserted.Sender, inserted.ExpiresAt, to, time, cancellation);
        }
        else if (options.Value.WithoutSubscriber == WithoutSubscriber.DeadLetter)
        {
            await BuryAsync(transaction, inserted, cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return new Sent(inserted, to, to.Count, Existed: false);
    }

    /// <summary>Appends a message to the lanes of its receivers, in the order of their names, so that two that send to the same receivers never wait for each other.</summary>
    public static Task DeliverAsync(
        TenantTransaction transaction, Guid message, string sender, DateTimeOffset? expiresAt, IReadOnlyList<string> to, TimeProvider time, CancellationToken cancellation)
    {
        const string deliver =
            """
            WITH given AS MATERIALIZED (
              SELECT * FROM unnest($4::text[], $5::uuid[]) AS g (receiver, id)
            ), laned AS (
              INSERT INTO orchestration.lanes AS l (tenant, receiver, sender, ready_at)
              SELECT $1, receiver, $3, now() FROM given ORDER BY receiver
              ON CONFLICT (tenant, receiver, sender) DO UPDATE
              SET next_seq = l.next_seq + 1, ready_at = coalesce(l.ready_at, now()), used_at = now()
              RETURNING receiver, next_seq - 1 AS seq
            )
            INSERT INTO orchestration.deliveries (tenant, id, message_id, receiver, sender, seq, status, expires_at)
            SELECT $1, g.id, $2, g.receiver, $3, l.seq, 'pending', $6::timestamptz FROM laned l JOIN given g USING (receiver)
            """;
        var now = time.GetUtcNow();
        return transaction.ExecuteAsync(
            deliver,
            [transaction.Tenant, message, sender, to.ToArray(), to.Select(_ => Guid.CreateVersion7(now)).ToArray(), expiresAt],
            cancellation);
    }

    private async Task<MessageRecord?> InsertAsync(TenantTransaction transaction, Outgoing message, int count, CancellationToken cancellation)
    {
        const string insert =
            $"""
            INSERT INTO orchestration.messages AS m
              (tenant, id, sender, receiver, performative, key, hash, conversation_id, in_reply_to, reply_by, expires_at, payload, receivers, tainted)
            VALUES ($1, $2, $3, $4, $5, $6, $7,
              coalesce(nullif($8, ''), (SELECT o.conversation_id FROM orchestration.messages o WHERE o.tenant = $1 AND o.id = $9), $2::text),
              $9::uuid, $10::timestamptz, now() + $11::interval, $12::jsonb, $13, $14)
            ON CONFLICT (tenant, sender, key) WHERE key IS NOT NULL DO NOTHING
            RETURNING {MessageRecord.Columns}
            """;
        var inserted = await transaction.QueryAsync(
            insert,
            [
                transaction.Tenant, Guid.CreateVersion7(time.GetUtcNow()), message.Sender, message.To.ToString(), message.Performative, message.Key, message.Hash,
                message.ConversationId, message.InReplyTo, message.ReplyBy, message.TimeToLive, message.Payload, count, message.Tainted,
            ],
            row => MessageRecord.Read(row),
            cancellation);
        return inserted is [var one] ? one : null;
    }

    private static async Task<Sent?> ExistingAsync(TenantTransaction transaction, Outgoing message, string key, CancellationToken cancellation)
    {
        const string query =
            $"SELECT {MessageRecord.Columns}, m.hash, m.receivers FROM orchestration.messages m WHERE m.tenant = $1 AND m.sender = $2 AND m.key = $3";
        var found = await transaction.QueryAsync(
            query,
            [transaction.Tenant, message.Sender, key],
            row => (Message: MessageRecord.Read(row), Hash: row.GetFieldValue<byte[]>(MessageRecord.ColumnCount), Count: row.GetInt32(MessageRecord.ColumnCount + 1)),
            cancellation);
        return found switch
        {
            [] => null,
            [var existing] when existing.Hash.AsSpan().SequenceEqual(message.Hash) => new Sent(existing.Message, [], existing.Count, Existed: true),
            _ => throw MessageFaults.KeyReused(key),
        };
    }

    private Task BuryAsync(TenantTransaction transaction, MessageRecord message, CancellationToken cancellation) => transaction.ExecuteAsync(
        """
        INSERT INTO orchestration.deliveries (tenant, id, message_id, receiver, sender, seq, status, reason, ended_at)
        VALUES ($1, $2, $3, $4, $5, 0, 'dead', 'no_subscriber', now())
        """,
        [transaction.Tenant, Guid.CreateVersion7(time.GetUtcNow()), message.Id, message.To, message.Sender],
        cancellation);
}
