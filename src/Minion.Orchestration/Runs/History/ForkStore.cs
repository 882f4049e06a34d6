using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Minion.Orchestration.Runs.Journal;
using Npgsql;

namespace Minion.Orchestration.Runs.History;

/// <summary>A fork that is about to be made.</summary>
internal sealed record Fork(
    Guid Id,
    Guid Of,
    long FromSeq,
    IReadOnlyList<Entry> Taken,
    Guid AgentId,
    string Agent,
    int AgentVersion,
    string Behaviour,
    string Options,
    string LimitsJson,
    string Input,
    string? RequestId,
    string Principal,
    string[] Permissions,
    ForkOverrides Overrides,
    DateTimeOffset Deadline,
    DateTimeOffset CreatedAt);

/// <summary>Makes forks: one transaction.</summary>
internal sealed class ForkStore([FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource database)
{
    // The lock keeps retention from removing the original meanwhile; entries never change.
    private const string Insert =
        """
        WITH original AS MATERIALIZED (
          SELECT priority, first_message, last_message, tainted FROM orchestration.runs WHERE tenant = $1 AND id = $2 FOR KEY SHARE
        )
        INSERT INTO orchestration.runs
          (tenant, id, root_id, agent_id, agent, agent_version, behaviour, options, first_message, last_message, request_id, principal, permissions,
           status, priority, next_seq, signal_seq, deadline, limits, input_tokens, output_tokens, model_calls, tool_calls, cost_usd, input, created_at,
           forked_from, from_seq, overrides, tainted)
        SELECT $1, $3, $3, $4, $5, $6, $7, $8::jsonb, first_message, last_message, $9, $10, $11,
          'ready', priority, $12, $13, $14, $15::jsonb, $16, $17, $18, $19, $20, $21, $22,
          $2, $23, $24::jsonb, tainted
        FROM original
        ON CONFLICT (tenant, request_id) WHERE request_id IS NOT NULL DO NOTHING
        RETURNING id
        """;

    private const string CopyEntries =
        """
        INSERT INTO orchestration.entries
          (tenant, run_id, seq, step, call, attempt, kind, is_outcome, name, payload, started_at, ended_at, input_tokens, output_tokens, trace_id, cost_usd)
        SELECT e.tenant, $3, x.seq, e.step, e.call, e.attempt, e.kind, e.is_outcome, e.name, e.payload, e.started_at, e.ended_at, e.input_tokens,
          e.output_tokens, e.trace_id, e.cost_usd
        FROM unnest($4::bigint[]) WITH ORDINALITY AS x (original, seq)
        JOIN orchestration.entries e ON e.run_id = $2 AND e.seq = x.original AND e.tenant = $1
        """;

    private const string CopyUses =
        "INSERT INTO orchestration.payload_uses (tenant, run_id, hash) SELECT tenant, $3, hash FROM orchestration.payload_uses WHERE tenant = $1 AND run_id = $2";

    private const string Queue =
        "INSERT INTO orchestration.ready (tenant, priority, run_id) SELECT tenant, priority, id FROM orchestration.runs WHERE tenant = $1 AND id = $2";

    /// <summary>Commits a fork. False when nothing was written: its request is known, or the original is gone.</summary>
    public async Task<bool> MakeAsync(string tenant, Fork fork, CancellationToken ct)
    {
        var usage = fork.Taken.Aggregate(default(Usage), (sum, e) => sum + e.Usage);
        await using var transaction = await database.BeginTenantAsync(tenant, ct);
        var made = await transaction.QueryAsync(
            Insert,
            [
                tenant, fork.Of, fork.Id, fork.AgentId, fork.Agent, fork.AgentVersion, fork.Behaviour, fork.Options, fork.RequestId, fork.Principal,
                fork.Permissions, fork.Taken.Count + 1L, JournalCut.SignalSeq(fork.Taken), fork.Deadline.UtcDateTime, fork.LimitsJson, usage.InputTokens,
                usage.OutputTokens, usage.ModelCalls, usage.ToolCalls, usage.CostUsd, fork.Input, fork.CreatedAt.UtcDateTime, fork.FromSeq,
                fork.Overrides.IsEmpty ? null : fork.Overrides.ToJson(),
            ],
            row => row.GetGuid(0),
            ct);
        if (made.Count == 0)
        {
            return false;
        }

        await transaction.ExecuteAsync(CopyEntries, [tenant, fork.Of, fork.Id, fork.Taken.Select(e => e.Seq).ToArray()], ct);
        await transaction.ExecuteAsync(CopyUses, [tenant, fork.Of, fork.Id], ct);
        await transaction.ExecuteAsync(Queue, [tenant, fork.Id], ct);
        await transaction.CommitAsync(ct);
        return true;
    }
}
