using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Orchestration.V1;
using Minion.Data;
using Minion.Orchestration.Agents;
using Npgsql;

namespace Minion.Orchestration.Status;

/// <summary>
/// What a tenant's agents are doing. An agent is nothing that runs: it is active while it has runs, or had one within its idle timeout, and that is all there
/// is to its activation.
/// </summary>
internal sealed class ActivityStore([FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource database)
{
    private const int Most = 200;

    /// <summary>Agents that are used, or were within <paramref name="window"/> before <paramref name="now"/>, the busiest first.</summary>
    public Task<List<AgentActivity>> ReadAsync(string tenant, DateTimeOffset now, TimeSpan window, CancellationToken ct) =>
        database.QueryAsync(
            tenant,
            """
            WITH r AS (
              SELECT agent_id, max(agent) AS agent,
                count(*) FILTER (WHERE status = 'running') AS running,
                count(*) FILTER (WHERE status = 'ready') AS queued,
                count(*) FILTER (WHERE status = 'waiting') AS waiting,
                max(greatest(created_at, ended_at)) AS last_used,
                count(*) FILTER (WHERE created_at >= $2) AS runs,
                count(*) FILTER (WHERE created_at >= $2 AND status = 'failed') AS errors,
                sum(cost_usd) FILTER (WHERE created_at >= $2) AS cost,
                percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM ended_at - created_at)::float8)
                  FILTER (WHERE created_at >= $2 AND ended_at IS NOT NULL) AS p95
              FROM orchestration.runs
              WHERE tenant = $1 AND (ended_at IS NULL OR created_at >= $2)
              GROUP BY agent_id
            )
            SELECT r.agent, r.running::int, r.queued::int, r.waiting::int, r.last_used, r.runs::int, r.errors::int, coalesce(r.cost, 0), r.p95,
              coalesce(l.most, 0), v.definition ->> 'idle_timeout'
            FROM r
            JOIN orchestration.agents a ON a.tenant = $1 AND a.id = r.agent_id
            JOIN orchestration.agent_versions v ON v.tenant = $1 AND v.agent_id = a.id AND v.version = a.version
            LEFT JOIN orchestration.run_limits l ON l.tenant = $1 AND l.agent_id = a.id
            WHERE a.deleted_at IS NULL OR r.running + r.queued + r.waiting > 0
            ORDER BY r.running + r.queued DESC, r.last_used DESC
            LIMIT $3
            """,
            [tenant, now - window, Most],
            row => Read(row, now),
            ct);

    private static AgentActivity Read(NpgsqlDataReader row, DateTimeOffset now)
    {
        var lastUsed = row.GetFieldValue<DateTimeOffset>(4);
        var idle = row.TextOrNull(10) is { } text ? Duration.Parser.ParseJson($"\"{text}\"").ToTimeSpan() : AgentRules.DefaultIdleTimeout;
        var activity = new AgentActivity
        {
            Agent = row.GetString(0),
            Running = row.GetInt32(1),
            Queued = row.GetInt32(2),
            Waiting = row.GetInt32(3),
            LastUsedAt = Timestamp.FromDateTimeOffset(lastUsed),
            Runs = row.GetInt32(5),
            Errors = row.GetInt32(6),
            CostUsd = row.GetDecimal(7).ToString("0.############", CultureInfo.InvariantCulture),
            P95 = row.IsDBNull(8) ? null : Duration.FromTimeSpan(TimeSpan.FromSeconds(row.GetDouble(8))),
            MaxRuns = row.GetInt32(9),
        };
        activity.Active = activity.Running + activity.Queued > 0 || now - lastUsed < idle;
        return activity;
    }
}
