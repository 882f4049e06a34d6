using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Faults;
using Minion.Data;
using Npgsql;

namespace Minion.Orchestration.Sessions.Workspaces;

/// <summary>The values of sessions' workspaces. Every change takes the session's lock, so that expectations and the number of keys hold.</summary>
internal sealed class WorkspaceStore(
    [FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource database, SessionStore sessions, TimeProvider time)
{
    private const string UseOpen =
        """
        UPDATE orchestration.sessions SET updated_at = $3, expires_at = $3 + time_to_live
        WHERE tenant = $1 AND id = $2 AND status = 'active' AND (expires_at IS NULL OR expires_at > $3) RETURNING id
        """;

    // $4 the expected etag or null, $5 whether there must be none, $9 the most keys. A statement of its own after the lock, so that it sees what the
    // lock has waited for.
    private const string Set =
        """
        INSERT INTO orchestration.session_values AS v (tenant, session_id, key, value, etag, updated_at, updated_by)
        SELECT $1, $2, $3, $6, $7, $8, $10
        WHERE EXISTS (SELECT FROM orchestration.session_values WHERE tenant = $1 AND session_id = $2 AND key = $3)
          OR ($4::uuid IS NULL AND (SELECT count(*) FROM orchestration.session_values WHERE tenant = $1 AND session_id = $2) < $9)
        ON CONFLICT (tenant, session_id, key) DO UPDATE
          SET value = excluded.value, etag = excluded.etag, updated_at = excluded.updated_at, updated_by = excluded.updated_by
          WHERE NOT $5 AND ($4::uuid IS NULL OR v.etag = $4)
        RETURNING v.etag
        """;

    private const string Delete =
        "DELETE FROM orchestration.session_values WHERE tenant = $1 AND session_id = $2 AND key = $3 AND ($4::uuid IS NULL OR etag = $4) RETURNING etag";

    private const string Etag = "SELECT etag FROM orchestration.session_values WHERE tenant = $1 AND session_id = $2 AND key = $3";

    public async Task<StoredValue?> FindAsync(string tenant, Guid session, string key, CancellationToken ct)
    {
        var found = await database.QueryAsync(
            tenant,
            "SELECT key, value, etag, updated_at, updated_by FROM orchestration.session_values WHERE tenant = $1 AND session_id = $2 AND key = $3",
            [tenant, session, key],
            row => StoredValue.New(row.GetString(0), row.GetString(1), row.GetGuid(2), row.GetFieldValue<DateTimeOffset>(3), row.GetString(4)),
            ct);
        return found.Count > 0 ? found[0] : null;
    }

    /// <summary>By key, from after <paramref name="after"/>, without the values.</summary>
    public Task<List<StoredValue>> ListAsync(string tenant, Guid session, string prefix, string after, int limit, CancellationToken ct) =>
        database.QueryAsync(
            tenant,
            """
            SELECT key, octet_length(value), etag, updated_at, updated_by FROM orchestration.session_values
            WHERE tenant = $1 AND session_id = $2 AND key > $4 AND starts_with(key, $3) ORDER BY key LIMIT $5
            """,
            [tenant, session, prefix, after, limit],
            row => new StoredValue(row.GetString(0), "", row.GetGuid(2), row.GetInt32(1), row.GetFieldValue<DateTimeOffset>(3), row.GetString(4)),
            ct);

    /// <summary>Writes a value. With an etag of its own the change may be repeated: it is done when the value has that etag.</summary>
    /// <exception cref="Fault">The session does not take it, the value is not the expected one, or there are too many.</exception>
    public async Task<StoredValue> SetAsync(ValueChange change, string value, (Guid? Etag, bool MustNotExist) expected, CancellationToken ct)
    {
        var now = time.GetStoredNow();
        var (tenant, session, key, by) = change;
        var etag = change.NewEtag ?? Guid.CreateVersion7(now);
        var set = Sql.Statement(Set, tenant, session, key, null, expected.MustNotExist, value, etag, now, (long)WorkspaceRules.MostKeys, by);
        set.Parameters[3] = new NpgsqlParameter { Value = (object?)expected.Etag ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid };
        if (await ChangeAsync(tenant, session, key, set, now, ct) is (false, var current) && current != etag)
        {
            throw (current, expected.MustNotExist) switch
            {
                ({ } there, true) => WorkspaceFaults.Exists(key, there),
                (null, _) when expected.Etag is null => WorkspaceFaults.TooManyKeys(),
                _ => WorkspaceFaults.Conflict(key, current),
            };
        }

        return StoredValue.New(key, value, etag, now, by);
    }

    /// <summary>Deletes a value.</summary>
    /// <exception cref="Fault">The session does not take it, there is no such value, or it is not the expected one.</exception>
    public async Task DeleteAsync(string tenant, Guid session, string key, Guid? expected, CancellationToken ct)
    {
        var delete = Sql.Statement(Delete, tenant, session, key, null);
        delete.Parameters[3] = new NpgsqlParameter { Value = (object?)expected ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid };
        if (await ChangeAsync(tenant, session, key, delete, time.GetStoredNow(), ct) is (false, var current))
        {
            throw current is null && expected is null ? WorkspaceFaults.NotFound(key) : WorkspaceFaults.Conflict(key, current);
        }
    }

    /// <summary>Whether the change was made, and the etag that the key has now.</summary>
    private async Task<(bool Done, Guid? Current)> ChangeAsync(
        string tenant, Guid session, string key, NpgsqlBatchCommand change, DateTimeOffset now, CancellationToken ct)
    {
        await using var transaction = await database.BeginTenantAsync(tenant, ct);
        if ((await transaction.QueryAsync(UseOpen, [tenant, session, now], row => row.GetGuid(0), ct)).Count == 0)
        {
            throw await sessions.ExplainAsync(tenant, session, agent: null, ct);
        }

        await using var batch = new NpgsqlBatch(transaction.Connection, transaction.Transaction);
        batch.BatchCommands.Add(change);
        batch.BatchCommands.Add(Sql.Statement(Etag, tenant, session, key));
        bool done;
        Guid? current;
        await using (var reader = await batch.ExecuteReaderAsync(ct))
        {
            done = await reader.ReadAsync(ct);
            await reader.NextResultAsync(ct);
            current = await reader.ReadAsync(ct) ? reader.GetGuid(0) : null;
        }

        await transaction.CommitAsync(ct);
        return (done, current);
    }
}
