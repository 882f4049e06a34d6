using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Npgsql;

namespace Minion.Orchestration.Sessions;

/// <summary>Reads and undoes the summaries of sessions; runs write them with their journals.</summary>
internal sealed class SummaryStore([FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>In the order of <see cref="Read"/>.</summary>
    public const string Columns = "id, first_seq, last_seq, content, run_id, step, created_at, undone_at, undone_by";

    /// <summary>The one in use: the newest that is not undone. $1 tenant, $2 session.</summary>
    public const string Current =
        $"SELECT {Columns} FROM orchestration.session_summaries WHERE tenant = $1 AND session_id = $2 AND undone_at IS NULL ORDER BY id DESC LIMIT 1";

    public async Task<SummaryRecord?> CurrentAsync(string tenant, Guid session, CancellationToken ct)
    {
        var found = await database.QueryAsync(tenant, Current, [tenant, session], Read, ct);
        return found is [var summary] ? summary : null;
    }

    /// <summary>Those before <paramref name="before"/>, newest first.</summary>
    public Task<List<SummaryRecord>> ListAsync(string tenant, Guid session, int before, int limit, CancellationToken ct) =>
        database.QueryAsync(
            tenant,
            $"SELECT {Columns} FROM orchestration.session_summaries WHERE tenant = $1 AND session_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4",
            [tenant, session, before, limit],
            Read,
            ct);

    /// <summary>Undoes all that are in use; returns the newest of them, null when there was none.</summary>
    public async Task<SummaryRecord?> UndoAsync(string tenant, Guid session, string principal, CancellationToken ct)
    {
        await using var transaction = await database.BeginTenantAsync(tenant, ct);
        await transaction.ExecuteAsync("SELECT 1 FROM orchestration.sessions WHERE tenant = $1 AND id = $2 FOR UPDATE", [tenant, session], ct);
        var undone = await transaction.QueryAsync(
            $"""
            UPDATE orchestration.session_summaries SET undone_at = $3, undone_by = $4
            WHERE tenant = $1 AND session_id = $2 AND undone_at IS NULL RETURNING {Columns}
            """,
            [tenant, session, time.GetStoredNow(), principal],
            Read,
            ct);
        if (undone.MaxBy(s => s.Id) is not { } newest)
        {
            return null;
        }

        await transaction.ExecuteAsync(
            "UPDATE orchestration.sessions SET full_through = $3 WHERE tenant = $1 AND id = $2", [tenant, session, newest.LastSeq], ct);
        await transaction.CommitAsync(ct);
        return newest;
    }

    public static SummaryRecord Read(NpgsqlDataReader row) => new(
        row.GetInt32(0),
        row.GetInt64(1),
        row.GetInt64(2),
        row.GetString(3),
        row.GetGuid(4),
        row.GetInt32(5),
        row.GetFieldValue<DateTimeOffset>(6),
        row.IsDBNull(7) ? null : row.GetFieldValue<DateTimeOffset>(7),
        row.TextOrNull(8));
}
