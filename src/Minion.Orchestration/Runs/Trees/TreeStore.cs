using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Minion.Orchestration.Runs.Journal;
using Npgsql;

namespace Minion.Orchestration.Runs.Trees;

/// <summary>Reads trees of runs in the name of a tenant.</summary>
internal sealed class TreeStore([FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource database)
{
    public const int MostRuns = 1_000;
    public const int MostSteps = 5_000;

    private const string Runs =
        $"""
        WITH RECURSIVE tree AS (
          SELECT id, root_id, 0 AS level FROM orchestration.runs WHERE tenant = $1 AND id = $2
          UNION ALL
          SELECT c.id, c.root_id, t.level + 1 FROM tree t
          JOIN orchestration.runs c ON c.tenant = $1 AND c.root_id = t.root_id AND c.parent_id = t.id
        )
        SELECT {RunStore.Columns}, parent_step, parent_call
        FROM tree t JOIN LATERAL (SELECT * FROM orchestration.runs WHERE tenant = $1 AND id = t.id) runs USING (id, root_id)
        ORDER BY t.level, runs.parent_id, runs.parent_step, runs.parent_call LIMIT $3
        """;

    private const string Counts =
        "SELECT run_id, max(step) FROM orchestration.entries WHERE tenant = $1 AND run_id = ANY ($2) GROUP BY run_id";

    private const string Steps =
        """
        SELECT run_id, step, call, kind, coalesce(name, ''), started_at, ended_at, input_tokens, output_tokens, cost_usd,
          payload -> 'failure' IS NOT NULL, payload ->> 'child', coalesce(payload ->> 'label', payload ->> 'purpose', ''),
          coalesce((payload ->> 'model_calls')::int, 0), coalesce((payload ->> 'tool_calls')::int, 0)
        FROM orchestration.entries
        WHERE tenant = $1 AND run_id = ANY ($2) AND kind IN ('model', 'tool', 'child_started', 'child')
        ORDER BY run_id, seq LIMIT $3
        """;

    /// <summary>A run with those below it; null when there is no such run.</summary>
    public async Task<RunTree?> FindAsync(string tenant, Guid id, bool withSteps, CancellationToken ct)
    {
        var runs = await database.QueryAsync(tenant, Runs, [tenant, id, MostRuns + 1L], Read, ct);
        if (runs.Count == 0)
        {
            return null;
        }

        Guid[] ids = [.. runs.Take(MostRuns).Select(r => r.Run.Id)];
        var counts = await database.QueryAsync(tenant, Counts, [tenant, ids], row => KeyValuePair.Create(row.GetGuid(0), row.GetInt32(1)), ct);
        var steps = withSteps ? await database.QueryAsync(tenant, Steps, [tenant, ids, MostSteps + 1L], ReadStep, ct) : [];
        return new RunTree(
            runs.GetRange(0, ids.Length),
            counts.ToDictionary(),
            Merge(steps.Take(MostSteps)).ToLookup(s => s.RunId),
            runs.Count > MostRuns || steps.Count > MostSteps);
    }

    /// <summary>A child's start and its end are one.</summary>
    private static IEnumerable<TreeStep> Merge(IEnumerable<TreeStep> steps)
    {
        var merged = new List<TreeStep>();
        var children = new Dictionary<Guid, int>();
        foreach (var step in steps)
        {
            if (step is { Kind: "child", Child: { } child, EndedAt: not null } && children.TryGetValue(child, out var started))
            {
                merged[started] = merged[started] with { EndedAt = step.EndedAt, Usage = step.Usage, Failed = step.Failed };
                continue;
            }

            if (step.Child is { } id)
            {
                children[id] = merged.Count;
            }

            merged.Add(step);
        }

        return merged;
    }

    private static TreeRun Read(NpgsqlDataReader row) => new(RunStore.Read(row), row.GetInt32(row.FieldCount - 2), row.GetInt32(row.FieldCount - 1));

    private static TreeStep ReadStep(NpgsqlDataReader row)
    {
        var kind = row.GetString(3);
        var isStart = kind == "child_started";
        return new TreeStep(row.GetGuid(0), row.GetInt32(1), row.GetInt32(2), isStart ? "child" : kind, row.GetString(4))
        {
            StartedAt = row.GetFieldValue<DateTimeOffset>(5),
            EndedAt = isStart ? null : row.GetFieldValue<DateTimeOffset>(6),
            Usage = new Usage(row.GetInt32(7), row.GetInt32(8), kind == "model" ? 1 : row.GetInt32(13), kind == "tool" ? 1 : row.GetInt32(14), row.GetDecimal(9)),
            Failed = row.GetBoolean(10),
            Child = row.TextOrNull(11) is { } child ? Guid.Parse(child) : null,
            Label = row.GetString(12),
        };
    }
}
