using Minion.Crash.Arena;
using Minion.Crash.Load;

namespace Minion.Crash.Checks;

/// <summary>What must hold of the messages between agents.</summary>
internal static class MessageChecks
{
    /// <summary>A call's key, as the engine makes it.</summary>
    private const string Key = "format('call/%s/%s/%s', replace(r.id::text, '-', ''), e.step, e.call)";

    private const string Starts = $"starts:{ClusterText.Recorder}";

    /// <summary>A message that has started its run, for a sabotage.</summary>
    private const string Some = $"(SELECT id FROM orchestration.deliveries WHERE receiver = '{Starts}' AND status = 'acknowledged' ORDER BY id LIMIT 1)";

    public static IEnumerable<Invariant> Of(Database database) =>
    [
        database.Check(
            "sent",
            "a message that an agent is told it has sent is there",
            $"""
            SELECT format('%s succeeded, and there is no message of it', {Key}) FROM r JOIN orchestration.entries e ON e.run_id = r.id
            WHERE r.agent = '{ClusterText.Herald}' AND e.kind = 'tool' AND e.name = 'send_message' AND e.payload -> 'failure' IS NULL
              AND NOT EXISTS (SELECT FROM orchestration.messages m WHERE m.tenant = r.tenant AND m.sender = 'agent:{ClusterText.Herald}' AND m.key = {Key})
            """,
            "DELETE FROM orchestration.messages"),
        database.Check(
            "told",
            "what one agent tells is told once",
            """
            SELECT format('%s was sent %s times', m.payload, count(*)) FROM orchestration.messages m WHERE m.sent_at >= @since - interval '1 minute'
            GROUP BY m.payload HAVING count(*) > 1
            """,
            "UPDATE orchestration.messages SET payload = '1'"),
        database.Check(
            "delivered",
            "a message that is acknowledged has started one run",
            $"""
            SELECT format('message %s is acknowledged and started %s runs', d.id, count(s.id)) FROM orchestration.deliveries d
            LEFT JOIN orchestration.runs s ON s.tenant = d.tenant AND s.request_id = 'message/' || d.id
            WHERE d.receiver = '{Starts}' AND d.status = 'acknowledged' AND d.ended_at >= @since GROUP BY d.id HAVING count(s.id) <> 1
            """,
            $"DELETE FROM orchestration.runs WHERE request_id = 'message/' || {Some}"),
        database.Check(
            "lanes",
            "messages of a sender start their runs in the order in which they were sent",
            $"""
            SELECT format('message %s of %s started its run before the one that was sent before it', id, sender) FROM (
              SELECT d.id, d.sender, s.created_at < lag(s.created_at) OVER (PARTITION BY d.tenant, d.receiver, d.sender ORDER BY d.seq) AS is_early
              FROM orchestration.deliveries d JOIN orchestration.runs s ON s.tenant = d.tenant AND s.request_id = 'message/' || d.id WHERE d.receiver = '{Starts}' AND (d.ended_at IS NULL OR d.ended_at >= @since)) o
            WHERE is_early
            """,
            $"UPDATE orchestration.runs SET created_at = now() + interval '1 hour' WHERE request_id = 'message/' || {Some}"),
        database.Check(
            "undelivered",
            "every message is delivered",
            "SELECT format('message %s is %s after %s attempts: %s', id, status, attempt, reason) FROM orchestration.deliveries WHERE status <> 'acknowledged'",
            $"UPDATE orchestration.deliveries SET status = 'pending' WHERE id = {Some}",
            onlyAtTheEnd: true),
    ];
}
