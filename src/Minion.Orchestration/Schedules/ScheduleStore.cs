using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Callers;
using Minion.Contracts.Orchestration.V1;
using Minion.Data;
using Npgsql;

namespace Minion.Orchestration.Schedules;

/// <summary>Schedules as their tenants see and change them.</summary>
internal sealed class ScheduleStore([FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource database, TimeProvider time)
{
    private const string Columns = ScheduleRecord.Columns;

    /// <summary>Null when the name is taken.</summary>
    public async Task<ScheduleRecord?> InsertAsync(Caller caller, ScheduleDefinition definition, bool paused, CancellationToken cancellation)
    {
        await using var transaction = await database.BeginTenantAsync(caller.Tenant, cancellation);
        var schedule = await InsertAsync(transaction, caller, definition, paused, cluster: null, cancellation);
        await transaction.CommitAsync(cancellation);
        return schedule;
    }

    /// <summary>The same within a transaction, for a cluster file.</summary>
    public async Task<ScheduleRecord?> InsertAsync(
        TenantTransaction transaction, Caller caller, ScheduleDefinition definition, bool paused, string? cluster, CancellationToken cancellation)
    {
        const string insert = $"""
            INSERT INTO orchestration.schedules AS s
              (tenant, id, name, definition, status, anchor, next_at, cluster, principal, permissions, created_at, updated_at)
            VALUES ($1, $2, $3, $4::jsonb, $5, $6, $7, $8, $9, $10, $6, $6)
            ON CONFLICT (tenant, name) DO NOTHING
            RETURNING {Columns}
            """;
        var now = time.GetStoredNow();
        var next = new ScheduleTimes(definition, now).After(now.AddTicks(-1));
        var status = paused ? "paused" : next is null ? "ended" : "active";
        var inserted = await transaction.QueryAsync(
            insert,
            [
                caller.Tenant, Guid.CreateVersion7(now), definition.Name, ScheduleRecord.ToJson(definition), status, now, paused ? null : next, cluster,
                caller.Principal, caller.Permissions.ToArray(),
            ],
            ScheduleRecord.Read,
            cancellation);
        return inserted is [var schedule] ? schedule : null;
    }

    public async Task<ScheduleRecord?> FindAsync(string tenant, string nameOrId, CancellationToken cancellation)
    {
        const string query = $"SELECT {Columns} FROM orchestration.schedules s WHERE s.tenant = $1 AND (s.name = $2 OR s.id = $3)";
        var found = await database.QueryAsync(tenant, query, [tenant, nameOrId, Id(nameOrId)], ScheduleRecord.Read, cancellation);
        return found is [var schedule, ..] ? schedule : null;
    }

    public Task<List<ScheduleRecord>> ListAsync(string tenant, string agent, string status, string afterName, int limit, CancellationToken cancellation)
    {
        const string query = $"""
            SELECT {Columns}
            FROM orchestration.schedules s
            WHERE s.tenant = $1 AND s.name COLLATE "C" > $2 COLLATE "C" AND ($3 = '' OR s.definition ->> 'agent' = $3) AND ($4 = '' OR s.status = $4)
            ORDER BY s.name COLLATE "C"
            LIMIT $5
            """;
        return database.QueryAsync(tenant, query, [tenant, afterName, agent, status, limit], ScheduleRecord.Read, cancellation);
    }

    /// <summary>The schedules that a cluster file declared, in the order of their names.</summary>
    public static Task<List<ScheduleRecord>> OfClusterAsync(TenantTransaction transaction, string cluster, CancellationToken cancellation) => transaction.QueryAsync(
        $"""SELECT {Columns} FROM orchestration.schedules s WHERE s.tenant = $1 AND s.cluster = $2 ORDER BY s.name COLLATE "C" """,
        [transaction.Tenant, cluster],
        ScheduleRecord.Read,
        cancellation);

    /// <summary>All schedules of the tenant, locked in the order of their ids.</summary>
    public static Task<List<ScheduleRecord>> LockAllAsync(TenantTransaction transaction, CancellationToken cancellation) => transaction.QueryAsync(
        $"SELECT {Columns} FROM orchestration.schedules s WHERE s.tenant = $1 ORDER BY s.id FOR UPDATE", [transaction.Tenant], ScheduleRecord.Read, cancellation);

    /// <summary>A new definition under the same name; the times begin anew. Null when there is no such schedule.</summary>
    public async Task<ScheduleRecord?> UpdateAsync(Caller caller, ScheduleDefinition definition, CancellationToken cancellation)
    {
        await using var transaction = await database.BeginTenantAsync(caller.Tenant, cancellation);
        var updated = await UpdateAsync(transaction, caller, definition, cancellation);
        await transaction.CommitAsync(cancellation);
        return updated;
    }

    /// <summary>The same within a transaction.</summary>
    public async Task<ScheduleRecord?> UpdateAsync(TenantTransaction transaction, Caller caller, ScheduleDefinition definition, CancellationToken cancellation)
    {
        const string update = $"""
            UPDATE orchestration.schedules s
            SET definition = $3::jsonb, anchor = $4, updated_at = $4, principal = $6, permissions = $7,
              status = CASE WHEN s.status = 'paused' THEN 'paused' WHEN $5::timestamptz IS NULL THEN 'ended' ELSE 'active' END,
              next_at = CASE WHEN s.status = 'paused' THEN NULL ELSE $5::timestamptz END
            WHERE s.tenant = $1 AND s.name = $2
            RETURNING {Columns}
            """;
        var now = time.GetStoredNow();
        var updated = await transaction.QueryAsync(
            update,
            [
                caller.Tenant, definition.Name, ScheduleRecord.ToJson(definition), now, new ScheduleTimes(definition, now).After(now.AddTicks(-1)), caller.Principal,
                caller.Permissions.ToArray(),
            ],
            ScheduleRecord.Read,
            cancellation);
        return updated is [var schedule] ? schedule : null;
    }

    /// <summary>Stops the schedule, or lets it go on with its next time from now.</summary>
    public async Task<ScheduleRecord?> SetPausedAsync(string tenant, string nameOrId, bool paused, CancellationToken cancellation)
    {
        const string update = $"""
            UPDATE orchestration.schedules s SET status = $3, next_at = $4, updated_at = $5
            WHERE s.tenant = $1 AND s.id = $2
            RETURNING {Columns}
            """;
        await using var transaction = await database.BeginTenantAsync(tenant, cancellation);
        var found = await transaction.QueryAsync(
            $"SELECT {Columns} FROM orchestration.schedules s WHERE s.tenant = $1 AND (s.name = $2 OR s.id = $3) FOR UPDATE",
            [tenant, nameOrId, Id(nameOrId)],
            ScheduleRecord.Read,
            cancellation);
        if (found is not [var schedule, ..])
        {
            return null;
        }

        if (paused == (schedule.Status == "paused"))
        {
            return schedule;
        }

        var now = time.GetStoredNow();
        var next = paused ? null : schedule.Times.After(now);
        var status = paused ? "paused" : next is null ? "ended" : "active";
        var updated = await transaction.QueryAsync(update, [tenant, schedule.Id, status, next, now], ScheduleRecord.Read, cancellation);
        await transaction.CommitAsync(cancellation);
        return updated[0];
    }

    /// <summary>Deletes the schedule, and what is known of its times; false when there is none.</summary>
    public async Task<bool> DeleteAsync(string tenant, Guid id, CancellationToken cancellation)
    {
        await using var transaction = await database.BeginTenantAsync(tenant, cancellation);
        var deleted = await DeleteAsync(transaction, id, cancellation);
        await transaction.CommitAsync(cancellation);
        return deleted;
    }

    /// <summary>The same within a transaction.</summary>
    public static async Task<bool> DeleteAsync(TenantTransaction transaction, Guid id, CancellationToken cancellation)
    {
        var deleted = await transaction.ExecuteAsync(
            "DELETE FROM orchestration.schedules WHERE tenant = $1 AND id = $2", [transaction.Tenant, id], cancellation);
        await transaction.ExecuteAsync("DELETE FROM orchestration.schedule_fires WHERE tenant = $1 AND schedule_id = $2", [transaction.Tenant, id], cancellation);
        return deleted > 0;
    }

    /// <summary>What became of the last times, newest first.</summary>
    public Task<List<Fire>> FiresAsync(string tenant, Guid id, int limit, CancellationToken cancellation) => database.QueryAsync(
        tenant,
        """
        SELECT at, status, run_id, reason, triggered, fired_at FROM orchestration.schedule_fires
        WHERE tenant = $1 AND schedule_id = $2
        ORDER BY at DESC, request_id DESC
        LIMIT $3
        """,
        [tenant, id, limit],
        FireRecord.ReadProto,
        cancellation);

    private static Guid Id(string text) => Guid.TryParse(text, out var id) ? id : Guid.Empty;
}
