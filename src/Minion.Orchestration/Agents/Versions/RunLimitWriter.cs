using Minion.Data;

namespace Minion.Orchestration.Agents.Versions;

/// <summary>
/// Keeps the rows of limited agents as their definitions, their clusters and the operators say. Agents whose row changes get a new revision, so that no
/// process goes on with what it remembers.
/// </summary>
internal static class RunLimitWriter
{
    /// <summary>The most that a limit can be.</summary>
    public const int Most = 10_000;

    private const string Wanted =
        """
        SELECT a.id, nullif(coalesce(a.max_runs, (v.definition ->> 'concurrency')::int, 0), 0) AS most, c.name AS cluster,
          nullif(coalesce(c.max_runs, (c.definition -> 'resource_policy' ->> 'max_concurrent_runs')::int, 0), 0) AS cluster_most
        FROM orchestration.agents a
        JOIN orchestration.agent_versions v ON v.tenant = a.tenant AND v.agent_id = a.id AND v.version = a.version
        LEFT JOIN orchestration.clusters c ON c.tenant = a.tenant AND c.name = a.cluster
        WHERE a.tenant = $1 AND a.deleted_at IS NULL AND ($2::uuid IS NULL OR a.id = $2)
        """;

    private const string Refresh =
        $"""
        WITH wanted AS MATERIALIZED (
          SELECT id, most, CASE WHEN cluster_most IS NOT NULL THEN cluster END AS cluster, cluster_most
          FROM ({Wanted}) w WHERE most IS NOT NULL OR cluster_most IS NOT NULL
        ), gone AS (
          DELETE FROM orchestration.run_limits l
          WHERE l.tenant = $1 AND ($2::uuid IS NULL OR l.agent_id = $2) AND NOT EXISTS (SELECT FROM wanted WHERE wanted.id = l.agent_id)
          RETURNING l.agent_id
        ), put AS (
          INSERT INTO orchestration.run_limits AS l (tenant, agent_id, most, cluster, cluster_most)
          SELECT $1, id, most, cluster, cluster_most FROM wanted
          ON CONFLICT (tenant, agent_id) DO UPDATE SET most = excluded.most, cluster = excluded.cluster, cluster_most = excluded.cluster_most
          WHERE (l.most, l.cluster, l.cluster_most) IS DISTINCT FROM (excluded.most, excluded.cluster, excluded.cluster_most)
          RETURNING l.agent_id
        )
        UPDATE orchestration.agents SET updated_at = updated_at
        WHERE tenant = $1 AND id IN (SELECT agent_id FROM gone UNION ALL SELECT agent_id FROM put)
        """;

    /// <summary>Of one agent, or of all of the tenant. After what they depend on was written, in the same transaction.</summary>
    public static Task RefreshAsync(TenantTransaction transaction, Guid? agent, CancellationToken ct) =>
        transaction.ExecuteAsync(Refresh, [transaction.Tenant, agent ?? (object)DBNull.Value], ct);
}
