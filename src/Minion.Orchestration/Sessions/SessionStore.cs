using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Data;
using Npgsql;

namespace Minion.Orchestration.Sessions;

/// <summary>Sessions and their messages.</summary>
internal sealed class SessionStore([FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>In the order of <see cref="Read"/>.</summary>
    private const string Columns =
        """
        id, agent, title, status, next_seq, expires_at, metadata, created_at, updated_at, turns, current_run,
        (SELECT count(*)::int FROM orchestration.session_turns t WHERE t.tenant = $1 AND t.session_id = id)
        """;

    /// <summary>In the order of <see cref="ReadMessage"/>.</summary>
    public const string MessageColumns = "seq, role, content, tool_calls, run_id, created_at, pinned, interrupted";

    /// <summary>A new session with what was said already; null when its id is taken.</summary>
    public async Task<SessionRecord?> CreateAsync(
        string tenant,
        Guid? id,
        string agent,
        string title,
        TimeSpan timeToLive,
        IReadOnlyDictionary<string, string> metadata,
        IReadOnlyList<(Role Role, string Content)> messages,
        TurnPolicy turns,
        CancellationToken cancellation)
    {
        const string insert = $"""
            WITH created AS (
              INSERT INTO orchestration.sessions
                (tenant, id, agent, title, status, time_to_live, expires_at, sweep_at, metadata, created_at, updated_at, next_seq,
                 turns)
              VALUES ($1, $2, $3, $4, 'active', $5, $6, $6, $7::jsonb, $8, $8, cardinality($9::text[]) + 1, $11)
              ON CONFLICT (tenant, id) DO NOTHING
              RETURNING *
            ), said AS (
              INSERT INTO orchestration.session_messages (tenant, session_id, seq, role, content, created_at)
              SELECT $1, created.id, message.seq, message.role, message.content, $8
              FROM created, unnest($9::text[], $10::text[]) WITH ORDINALITY AS message (role, content, seq)
            )
            SELECT {Columns} FROM created
            """;
        var now = time.GetStoredNow();
        var json = JsonSerializer.Serialize(metadata.ToDictionary(), SessionJson.Default.DictionaryStringString);
        var created = await database.QueryAsync(
            tenant,
            insert,
            [
                tenant, id ?? Guid.CreateVersion7(now), agent, title, timeToLive, now + timeToLive, json, now,
                messages.Select(m => m.Role.ToText()).ToArray(), messages.Select(m => m.Content).ToArray(),
                turns.ToText(),
            ],
            Read,
            cancellation);
        return created is [var session] ? session : null;
    }

    public async Task<SessionRecord?> FindAsync(string tenant, Guid id, CancellationToken cancellation)
    {
        const string query = $"SELECT {Columns} FROM orchestration.sessions WHERE tenant = $1 AND id = $2 AND status <> 'deleted'";
        var found = await database.QueryAsync(tenant, query, [tenant, id], Read, cancellation);
        return found is [var session] ? session : null;
    }

    /// <summary>The sessions before <paramref name="before"/>, newest first; without a status all but archived ones.</summary>
    public Task<List<SessionRecord>> ListAsync(
        string tenant, string agent, SessionStatus? status, Guid before, int limit, CancellationToken cancellation)
    {
        const string query = $"""
            SELECT {Columns}
            FROM orchestration.sessions
            WHERE tenant = $1 AND id < $2 AND ($3 = '' OR agent = $3)
              AND CASE WHEN status = 'active' AND expires_at <= $5 THEN 'expired' ELSE status END = ANY ($4)
            ORDER BY id DESC
            LIMIT $6
            """;
        string[] statuses = status is { } one ? [one.ToText()] : ["active", "closed", "expired"];
        return database.QueryAsync(tenant, query, [tenant, before, agent, statuses, time.GetUtcNow(), limit], Read, cancellation);
    }

    /// <summary>Appends a message of a caller.</summary>
    /// <exception cref="Fault">There is no such session, or it takes no further message.</exception>
    public async Task<SessionMessage> AppendAsync(string tenant, Guid id, Role role, string content, CancellationToken cancellation)
    {
        var now = time.GetStoredNow();
        await using var batch = database.CreateTenantBatch(tenant);
        batch.BatchCommands.Add(SessionStatements.Append(tenant, id, role, content, [], runId: null, now));
        await using (var reader = await batch.ExecuteTenantReaderAsync(cancellation))
        {
            if (await reader.ReadAsync(cancellation))
            {
                return new SessionMessage(reader.GetInt64(0), role, content, [], RunId: null, now);
            }
        }

        throw await ExplainAsync(tenant, id, agent: null, cancellation);
    }

    /// <summary>Why an append found no session to append to.</summary>
    public async Task<Fault> ExplainAsync(string tenant, Guid id, string? agent, CancellationToken cancellation) =>
        await FindAsync(tenant, id, cancellation) switch
        {
            null => SessionFaults.NotFound(id),
            { Agent.Length: > 0 } session when agent is not null && session.Agent != agent => SessionFaults.OtherAgent(session, agent),
            { Status: not SessionStatus.Active } session => SessionFaults.NotOpen(session),
            { CurrentRun: { } run } => SessionFaults.Busy(id, run),
            _ => SessionFaults.Changing(id),
        };

    /// <summary>Oldest first, from after <paramref name="afterSeq"/>.</summary>
    public Task<List<SessionMessage>> ListMessagesAsync(string tenant, Guid id, long afterSeq, int limit, CancellationToken cancellation)
    {
        const string query = $"""
            SELECT {MessageColumns} FROM orchestration.session_messages WHERE tenant = $1 AND session_id = $2 AND seq > $3 ORDER BY seq LIMIT $4
            """;
        return database.QueryAsync(tenant, query, [tenant, id, afterSeq, limit], ReadMessage, cancellation);
    }

    /// <summary>The last ones, oldest first.</summary>
    public async Task<List<SessionMessage>> ListNewestMessagesAsync(string tenant, Guid id, int limit, CancellationToken cancellation)
    {
        const string query = $"""
            SELECT {MessageColumns} FROM orchestration.session_messages WHERE tenant = $1 AND session_id = $2 ORDER BY seq DESC LIMIT $3
            """;
        var messages = await database.QueryAsync(tenant, query, [tenant, id, limit], ReadMessage, cancellation);
        messages.Reverse();
        return messages;
    }

    /// <summary>Closes or archives; null when there is no such session. Closing one that is over already leaves it as it is.</summary>
    public async Task<SessionRecord?> EndAsync(string tenant, Guid id, SessionStatus status, CancellationToken cancellation)
    {
        const string update = $"""
            UPDATE orchestration.sessions
            SET status = $3, sweep_at = NULL, updated_at = $4
            WHERE tenant = $1 AND id = $2
              AND (status = 'active' AND (expires_at IS NULL OR expires_at > $4) OR $3 = 'archived' AND status NOT IN ('archived', 'deleted'))
            RETURNING {Columns}
            """;
        var ended = await database.QueryAsync(tenant, update, [tenant, id, status.ToText(), time.GetStoredNow()], Read, cancellation);
        return ended is [var session] ? session : await FindAsync(tenant, id, cancellation);
    }

    public static SessionMessage ReadMessage(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        SessionTexts.ParseRole(row.GetString(1)),
        row.GetString(2),
        SessionToolCall.FromJson(row.TextOrNull(3)),
        row.IsDBNull(4) ? null : row.GetGuid(4),
        row.GetFieldValue<DateTimeOffset>(5))
    {
        Pinned = row.GetBoolean(6),
        Interrupted = row.GetBoolean(7),
    };

    private SessionRecord Read(NpgsqlDataReader row)
    {
        var status = SessionTexts.ParseStatus(row.GetString(3));
        DateTimeOffset? expiresAt = row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5);
        return new SessionRecord(
            row.GetGuid(0),
            row.GetString(1),
            row.GetString(2),
            status == SessionStatus.Active && expiresAt <= time.GetUtcNow() ? SessionStatus.Expired : status,
            row.GetInt64(4),
            expiresAt,
            JsonSerializer.Deserialize(row.GetString(6), SessionJson.Default.DictionaryStringString) ?? [],
            row.GetFieldValue<DateTimeOffset>(7),
            row.GetFieldValue<DateTimeOffset>(8),
            SessionTexts.ParsePolicy(row.GetString(9)),
            row.IsDBNull(10) ? null : row.GetGuid(10),
            row.GetInt32(11));
    }
}
