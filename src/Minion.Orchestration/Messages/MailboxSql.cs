namespace Minion.Orchestration.Messages;

/// <summary>The statements on lanes and deliveries. Each begins with <c>$1</c>, the tenant.</summary>
internal static class MailboxSql
{
    /// <summary>Locks up to $3 lanes of the receivers $2 from which something may be handed out.</summary>
    public const string LockReady =
        """
        SELECT receiver, sender FROM orchestration.lanes
        WHERE tenant = $1 AND receiver = ANY($2) AND ready_at <= now()
        ORDER BY ready_at
        LIMIT $3
        FOR UPDATE SKIP LOCKED
        """;

    /// <summary>Locks the lane of the delivery $2.</summary>
    public const string LockLane =
        """
        SELECT 1 FROM orchestration.lanes l
        JOIN orchestration.deliveries d ON d.tenant = l.tenant AND d.receiver = l.receiver AND d.sender = l.sender
        WHERE d.tenant = $1 AND d.id = $2
        FOR UPDATE OF l
        """;

    // Together they stay below what a client takes in one answer.
    private const string MostBytes = "3000000";

    /// <summary>
    /// Leases the first open message of each sender $3 to the receiver $2, for the time $4, at most $5 times, with the pauses $6 to $7. What has expired or
    /// was handed out too often becomes a dead letter, and the lane stays ready for the next look.
    /// </summary>
    public const string Lease =
        $"""
        WITH head AS MATERIALIZED (
          SELECT s.sender, d.id, d.expires_at <= now() AS expired, d.attempt >= $5 AS exhausted,
            sum(octet_length(m.payload::text)) OVER (ORDER BY s.position) <= {MostBytes} AS fits
          FROM unnest($3::text[]) WITH ORDINALITY AS s (sender, position)
          LEFT JOIN LATERAL (
            SELECT o.id, o.message_id, o.expires_at, o.attempt FROM orchestration.deliveries o
            WHERE o.tenant = $1 AND o.receiver = $2 AND o.sender = s.sender AND o.ended_at IS NULL
            ORDER BY o.seq
            LIMIT 1
          ) d ON true
          LEFT JOIN orchestration.messages m ON m.tenant = $1 AND m.id = d.message_id
        ), leased AS (
          UPDATE orchestration.deliveries d
          SET status = 'leased', lease_id = gen_random_uuid(), leased_until = now() + $4, attempt = d.attempt + 1
          FROM head h
          WHERE d.tenant = $1 AND d.id = h.id AND h.expired IS NOT TRUE AND NOT h.exhausted AND h.fits
          RETURNING d.id, d.message_id, d.lease_id, d.receiver, d.sender, d.seq, d.attempt, d.leased_until
        ), dead AS (
          UPDATE orchestration.deliveries d
          SET status = 'dead', reason = CASE WHEN h.expired THEN 'expired' ELSE 'attempts' END, ended_at = now(), lease_id = NULL
          FROM head h
          WHERE d.tenant = $1 AND d.id = h.id AND (h.expired OR h.exhausted)
        ), moved AS (
          UPDATE orchestration.lanes l
          SET used_at = now(), ready_at = CASE
            WHEN h.id IS NULL THEN NULL
            WHEN g.id IS NULL THEN now()
            ELSE g.leased_until + least($7::interval, $6::interval * power(2, g.attempt - 1)) END
          FROM head h LEFT JOIN leased g ON g.sender = h.sender
          WHERE l.tenant = $1 AND l.receiver = $2 AND l.sender = h.sender
        )
        SELECT {MessageRecord.Columns}, g.id, g.lease_id, g.receiver, g.seq, g.attempt, g.leased_until
        FROM leased g JOIN orchestration.messages m ON m.tenant = $1 AND m.id = g.message_id
        ORDER BY m.sent_at, m.id
        """;

    /// <summary>What the call $2 has taken.</summary>
    public const string Taken =
        $"""
        SELECT {MessageRecord.Columns}
        FROM orchestration.deliveries d JOIN orchestration.messages m ON m.tenant = $1 AND m.id = d.message_id
        WHERE d.tenant = $1 AND d.taken_by = $2
        ORDER BY m.sent_at, m.id
        """;

    /// <summary>Takes the first open message of each lane ($2 receivers, $3 senders) for the call $4.</summary>
    public const string Take =
        $"""
        WITH head AS MATERIALIZED (
          SELECT s.receiver, s.sender, d.id, d.seq
          FROM unnest($2::text[], $3::text[]) AS s (receiver, sender)
          LEFT JOIN LATERAL (
            SELECT o.id, o.seq FROM orchestration.deliveries o
            WHERE o.tenant = $1 AND o.receiver = s.receiver AND o.sender = s.sender AND o.ended_at IS NULL AND (o.expires_at IS NULL OR o.expires_at > now())
            ORDER BY o.seq
            LIMIT 1
          ) d ON true
        ), taken AS (
          UPDATE orchestration.deliveries d SET status = 'acknowledged', taken_by = $4, attempt = d.attempt + 1, ended_at = now()
          FROM head h
          WHERE d.tenant = $1 AND d.id = h.id
          RETURNING d.message_id
        ), moved AS (
          UPDATE orchestration.lanes l
          SET used_at = now(), ready_at = CASE WHEN EXISTS (
            SELECT FROM orchestration.deliveries o
            WHERE o.tenant = $1 AND o.receiver = l.receiver AND o.sender = l.sender AND o.ended_at IS NULL AND o.id IS DISTINCT FROM h.id)
            THEN CASE WHEN h.id IS NULL THEN now() + interval '1 second' ELSE now() END END
          FROM head h
          WHERE l.tenant = $1 AND l.receiver = h.receiver AND l.sender = h.sender
        )
        SELECT {MessageRecord.Columns}
        FROM taken t JOIN orchestration.messages m ON m.tenant = $1 AND m.id = t.message_id
        ORDER BY m.sent_at, m.id
        """;

    /// <summary>Ends the delivery $2 under the lease $3 with the status $4, for the reason $5 and the detail $6. The row says whether its lane has more.</summary>
    public const string End =
        """
        WITH ended AS (
          UPDATE orchestration.deliveries
          SET status = $4, reason = $5, detail = coalesce(nullif($6, ''), detail), ended_at = now()
          WHERE tenant = $1 AND id = $2 AND lease_id = $3 AND status = 'leased'
          RETURNING receiver, sender, seq
        )
        UPDATE orchestration.lanes l
        SET used_at = now(), ready_at = CASE WHEN EXISTS (
          SELECT FROM orchestration.deliveries o
          WHERE o.tenant = $1 AND o.receiver = e.receiver AND o.sender = e.sender AND o.seq > e.seq AND o.ended_at IS NULL) THEN now() END
        FROM ended e
        WHERE l.tenant = $1 AND l.receiver = e.receiver AND l.sender = e.sender
        RETURNING l.receiver, l.ready_at IS NOT NULL
        """;

    /// <summary>
    /// Gives the delivery $2 back under the lease $3, with the detail $4, to be handed out again after the pause $6 to $7; a dead letter when it was handed
    /// out $5 times.
    /// </summary>
    public const string Requeue =
        """
        WITH back AS (
          UPDATE orchestration.deliveries
          SET status = CASE WHEN attempt >= $5 THEN 'dead' ELSE 'pending' END, detail = coalesce(nullif($4, ''), detail), leased_until = NULL,
            reason = CASE WHEN attempt >= $5 THEN 'attempts' END, ended_at = CASE WHEN attempt >= $5 THEN now() END
          WHERE tenant = $1 AND id = $2 AND lease_id = $3 AND status = 'leased'
          RETURNING receiver, sender, seq, attempt, status
        )
        UPDATE orchestration.lanes l
        SET used_at = now(), ready_at = CASE
          WHEN b.status = 'pending' THEN now() + least($7::interval, $6::interval * power(2, b.attempt - 1))
          WHEN EXISTS (
            SELECT FROM orchestration.deliveries o
            WHERE o.tenant = $1 AND o.receiver = b.receiver AND o.sender = b.sender AND o.seq > b.seq AND o.ended_at IS NULL) THEN now() END
        FROM back b
        WHERE l.tenant = $1 AND l.receiver = b.receiver AND l.sender = b.sender
        RETURNING l.receiver, coalesce(l.ready_at <= now(), false)
        """;

    /// <summary>Holds the delivery $2 under the lease $3 for the time $4 from now on.</summary>
    public const string Extend =
        """
        WITH extended AS (
          UPDATE orchestration.deliveries SET leased_until = now() + $4
          WHERE tenant = $1 AND id = $2 AND lease_id = $3 AND status = 'leased'
          RETURNING receiver, sender, attempt, leased_until
        ), moved AS (
          UPDATE orchestration.lanes l SET ready_at = e.leased_until + least($6::interval, $5::interval * power(2, e.attempt - 1))
          FROM extended e
          WHERE l.tenant = $1 AND l.receiver = e.receiver AND l.sender = e.sender
        )
        SELECT leased_until FROM extended
        """;
}
