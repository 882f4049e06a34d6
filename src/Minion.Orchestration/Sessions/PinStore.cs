using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Faults;
using Minion.Data;
using Npgsql;

namespace Minion.Orchestration.Sessions;

/// <summary>Pins messages, so that they are in every later prompt.</summary>
internal sealed class PinStore([FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource database, SessionStore sessions)
{
    public const int Most = 50;

    /// <summary>Bytes of all pinned messages of a session together: they must leave room in the window.</summary>
    public const int MostBytes = 128 * 1024;

    // Under the session's lock, so that two at once do not become one too many.
    private const string Pin =
        $"""
        UPDATE orchestration.session_messages m SET pinned = true
        WHERE m.tenant = $1 AND m.session_id = $2 AND m.seq = $3 AND (m.pinned OR (
          SELECT count(*) < $4 AND coalesce(sum(octet_length(p.content)), 0) + octet_length(m.content) <= $5
          FROM orchestration.session_messages p WHERE p.tenant = $1 AND p.session_id = $2 AND p.pinned))
        RETURNING {SessionStore.MessageColumns}
        """;

    private const string Unpin =
        $"""
        UPDATE orchestration.session_messages SET pinned = false WHERE tenant = $1 AND session_id = $2 AND seq = $3
        RETURNING {SessionStore.MessageColumns}
        """;

    /// <summary>Pins a message; one that is pinned stays so.</summary>
    /// <exception cref="Fault">There is no such message, or too many are pinned.</exception>
    public async Task<SessionMessage> PinAsync(string tenant, Guid session, long seq, CancellationToken ct)
    {
        var pinned = await ChangeAsync(tenant, session, Sql.Statement(Pin, tenant, session, seq, (long)Most, (long)MostBytes), ct);
        if (pinned is not null)
        {
            return pinned;
        }

        var isThere = await sessions.ListMessagesAsync(tenant, session, seq - 1, limit: 1, ct) is [var message] && message.Seq == seq;
        throw isThere ? SessionFaults.TooManyPins(session) : SessionFaults.MessageNotFound(session, seq);
    }

    /// <summary>Unpins a message; one that is not pinned stays so.</summary>
    /// <exception cref="Fault">There is no such message.</exception>
    public async Task<SessionMessage> UnpinAsync(string tenant, Guid session, long seq, CancellationToken ct) =>
        await ChangeAsync(tenant, session, Sql.Statement(Unpin, tenant, session, seq), ct) ?? throw SessionFaults.MessageNotFound(session, seq);

    private async Task<SessionMessage?> ChangeAsync(string tenant, Guid session, NpgsqlBatchCommand change, CancellationToken ct)
    {
        await using var batch = database.CreateTenantBatch(tenant);
        batch.BatchCommands.Add(Sql.Statement(
            "SELECT id FROM orchestration.sessions WHERE tenant = $1 AND id = $2 AND status <> 'deleted' FOR UPDATE", tenant, session));
        batch.BatchCommands.Add(change);
        await using var reader = await batch.ExecuteTenantReaderAsync(ct);
        if (!await reader.ReadAsync(ct))
        {
            throw SessionFaults.NotFound(session);
        }

        await reader.NextResultAsync(ct);
        return await reader.ReadAllAsync(SessionStore.ReadMessage, ct) is [var message] ? message : null;
    }
}
