using Minion.Contracts.Orchestration.V1;
using Npgsql;

namespace Minion.Orchestration.Sessions;

/// <summary>Statements on sessions that are also part of other people's transactions.</summary>
internal static class SessionStatements
{
    /// <summary>
    /// Appends a message and moves the session's expiry. The number comes from the session's row, which stays locked until the transaction ends: no
    /// gaps, whoever appends at the same time. Returns one row (seq, expires_at), or none when the session does not exist, or is closed, archived or
    /// expired while <paramref name="onlyToOpen"/>; <see cref="SessionStore.ExplainAsync"/> then says why.
    /// </summary>
    /// <param name="tenant">The tenant; the engine's role sees all, so it is a condition here.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="role">Who speaks.</param>
    /// <param name="content">What is said.</param>
    /// <param name="toolCalls">The calls that led to it.</param>
    /// <param name="runId">The run that writes it.</param>
    /// <param name="now">The time.</param>
    /// <param name="onlyToOpen">False for the answer of a run that was accepted while the session was open.</param>
    /// <param name="agent">When given, a session that is held with another agent is refused.</param>
    public static NpgsqlBatchCommand Append(
        string tenant,
        Guid sessionId,
        Role role,
        string content,
        IReadOnlyList<SessionToolCall> toolCalls,
        Guid? runId,
        DateTimeOffset now,
        bool onlyToOpen = true,
        string? agent = null) => Sql.Statement(
        """
        WITH numbered AS (
          UPDATE orchestration.sessions
          SET next_seq = next_seq + 1, updated_at = $7,
            expires_at = CASE WHEN status = 'active' THEN $7 + time_to_live ELSE expires_at END
          WHERE tenant = $1 AND id = $2
            AND (NOT $8 OR status = 'active' AND (expires_at IS NULL OR expires_at > $7))
            AND ($9 = '' OR agent IN ('', $9))
          RETURNING next_seq - 1 AS seq, expires_at
        ), added AS (
          INSERT INTO orchestration.session_messages (tenant, session_id, seq, role, content, tool_calls, run_id, created_at)
          SELECT $1, $2, seq, $3, $4, $5::jsonb, $6, $7 FROM numbered
        )
        SELECT seq, expires_at FROM numbered
        """,
        tenant,
        sessionId,
        role.ToText(),
        content,
        SessionToolCall.ToJson(toolCalls),
        runId,
        now,
        onlyToOpen,
        agent ?? "");
}
