using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Minion.Models;
using Minion.Orchestration.Runs.Composing;
using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Runs.Stages;
using Minion.Orchestration.Sessions;
using Npgsql;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>Reads what a run is given of its session.</summary>
internal sealed class HistoryStore([FromKeyedServices(DatabaseRoles.EngineByKey)] NpgsqlDataSource engine)
{
    /// <summary>Messages without a summary that are looked at; those before are left out.</summary>
    private const int MostWeighed = 20_000;

    /// <summary>What there is up to a message, by its size; contents are not read.</summary>
    public async Task<SessionWeights> WeighAsync(string tenant, Guid session, long last, CancellationToken ct)
    {
        await using var connection = await engine.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Sql.Statement(SummaryStore.Current, tenant, session));
        batch.BatchCommands.Add(Sql.Statement("SELECT full_through FROM orchestration.sessions WHERE tenant = $1 AND id = $2", tenant, session));
        batch.BatchCommands.Add(Sql.Statement(
            $"""
            SELECT seq, octet_length(content), pinned FROM orchestration.session_messages
            WHERE tenant = $1 AND session_id = $2 AND pinned AND seq <= $3
            UNION
            (SELECT seq, octet_length(content), pinned FROM orchestration.session_messages
             WHERE tenant = $1 AND session_id = $2 AND seq <= $3
               AND seq > coalesce((
                 SELECT s.last_seq FROM orchestration.session_summaries s
                 WHERE s.tenant = $1 AND s.session_id = $2 AND s.undone_at IS NULL ORDER BY s.id DESC LIMIT 1), 0)
             ORDER BY seq DESC LIMIT {MostWeighed})
            ORDER BY 1
            """,
            tenant,
            session,
            last));
        batch.BatchCommands.Add(Sql.Statement(
            "SELECT EXISTS (SELECT FROM orchestration.session_messages WHERE tenant = $1 AND session_id = $2 AND tainted AND seq <= $3)", tenant, session, last));
        await using var reader = await batch.ExecuteReaderAsync(ct);
        var summary = (await reader.ReadAllAsync(SummaryStore.Read, ct)).SingleOrDefault();
        await reader.NextResultAsync(ct);
        var fullThrough = await reader.ReadAsync(ct) ? reader.GetInt64(0) : 0;
        await reader.NextResultAsync(ct);
        var messages = await reader.ReadAllAsync(
            row => new MessageWeight(row.GetInt64(0), TokenEstimate.OfMessage(row.GetInt32(1)), row.GetBoolean(2)), ct);
        await reader.NextResultAsync(ct);
        var tainted = await reader.ReadAsync(ct) && reader.GetBoolean(0);
        var weights = summary is null
            ? new SessionWeights(messages, FullThrough: fullThrough)
            : new SessionWeights(
                messages, summary.Id, summary.LastSeq, TokenEstimate.OfMessage(System.Text.Encoding.UTF8.GetByteCount(summary.Content)), fullThrough);
        return weights with { Tainted = tainted };
    }

    /// <summary>
    /// The messages and the summary that a context names. What is only summarised comes no longer than the context says; what is summarised already,
    /// up to <paramref name="done"/>, does not come.
    /// </summary>
    public async Task<SessionHistory> ReadAsync(string tenant, Guid session, ContextRecorded context, long? done, CancellationToken ct)
    {
        await using var connection = await engine.OpenConnectionAsync(ct);
        var summarised = context.Summarise is [.., var newest] ? newest.Last : 0;
        var messages = await connection.QueryAsync<SessionText>(new CommandDefinition(
            """
            SELECT seq, role, CASE WHEN seq <= @summarised AND NOT seq = ANY (@pinned) THEN left(content, @most) ELSE content END AS content, interrupted
            FROM orchestration.session_messages
            WHERE tenant = @tenant AND session_id = @session AND (seq BETWEEN @first AND @last OR seq = ANY (@pinned)) ORDER BY seq
            """,
            new
            {
                tenant,
                session,
                first = done is { } through ? Math.Max(context.FirstMessage, through + 1) : context.FirstMessage,
                last = context.LastMessage,
                summarised,
                // One more than is shown, so that it is seen that there is more.
                most = (int)Math.Min(int.MaxValue / 8, context.SummarisedTokens * 4) + 1,
                pinned = context.Pinned?.ToArray() ?? [],
            },
            cancellationToken: ct));
        var summary = context.SummaryId == 0
            ? null
            : await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
                "SELECT content FROM orchestration.session_summaries WHERE tenant = @tenant AND session_id = @session AND id = @id",
                new { tenant, session, id = context.SummaryId },
                cancellationToken: ct));
        return new SessionHistory([.. messages], summary);
    }
}
