using System.Text.Json;
using Minion.Orchestration.Agents;
using Npgsql;
using NpgsqlTypes;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>What a batch of appends changes of other runs of their trees: a statement only for what there is.</summary>
internal static class TreeBatch
{
    /// <summary>Between permissions, which have no control characters.</summary>
    private const char Separator = '\u001f';

    public static void Add(NpgsqlBatch batch, IReadOnlyList<Append> appends)
    {
        var started = appends.SelectMany(a => a.Children.Select(child => (Append: a, Other: child))).ToList();
        if (started.Count > 0)
        {
            batch.BatchCommands.Add(Start(started));
        }

        var ended = appends.Where(a => a.Parent is not null).Select(a => (Append: a, Other: a.Parent!.Value)).ToList();
        if (ended.Count > 0)
        {
            batch.BatchCommands.Add(Tell(TreeSql.End, ended));
        }

        var abandoned = appends.SelectMany(a => a.Abandoned.Select(child => (Append: a, Other: child))).ToList();
        if (abandoned.Count > 0)
        {
            batch.BatchCommands.Add(Tell(TreeSql.Abandon, abandoned));
        }
    }

    private static NpgsqlBatchCommand Tell(string sql, List<(Append Append, Guid Other)> rows)
    {
        var command = OfRuns(sql, rows);
        command.Parameters.Add(AppendBatch.Array(NpgsqlDbType.Uuid, rows.Select(r => r.Other)));
        command.Parameters.Add(AppendBatch.Array(NpgsqlDbType.TimestampTz, rows.Select(r => r.Append.At.UtcDateTime)));
        return command;
    }

    private static NpgsqlBatchCommand Start(List<(Append Append, ChildRun Child)> rows)
    {
        var command = OfRuns(TreeSql.Start, rows);
        NpgsqlParameter[] ofChildren =
        [
            AppendBatch.Array(NpgsqlDbType.Uuid, rows.Select(r => r.Child.Id)),
            AppendBatch.Array(NpgsqlDbType.Integer, rows.Select(r => r.Child.Step)),
            AppendBatch.Array(NpgsqlDbType.Integer, rows.Select(r => r.Child.Call)),
            AppendBatch.Array(NpgsqlDbType.Uuid, rows.Select(r => r.Child.Agent.AgentId)),
            AppendBatch.Texts(rows.Select(r => r.Child.Agent.Name)),
            AppendBatch.Array(NpgsqlDbType.Integer, rows.Select(r => r.Child.Agent.Version)),
            AppendBatch.Texts(rows.Select(r => r.Child.Behaviour)),
            AppendBatch.Array(NpgsqlDbType.Boolean, rows.Select(r => r.Child.SeesConversation)),
            AppendBatch.Texts(rows.Select(r => string.Join(Separator, r.Child.Permissions))),
            AppendBatch.Array(NpgsqlDbType.TimestampTz, rows.Select(r => r.Child.Deadline.UtcDateTime)),
            AppendBatch.Texts(rows.Select(r => JsonSerializer.Serialize(r.Child.Limits, RunJsonContext.Default.RunLimits))),
            AppendBatch.Texts(rows.Select(r => r.Child.Input)),
            AppendBatch.Array(NpgsqlDbType.TimestampTz, rows.Select(r => r.Append.At.UtcDateTime)),
            AppendBatch.Texts(rows.Select(r => r.Child.Label)),
            AppendBatch.Texts(rows.Select(r => r.Child.Options)),
            AppendBatch.Array(NpgsqlDbType.Boolean, rows.Select(r => r.Child.IsTainted)),
        ];
        foreach (var parameter in ofChildren)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static NpgsqlBatchCommand OfRuns<T>(string sql, List<(Append Append, T Other)> rows) => new(sql)
    {
        Parameters =
        {
            AppendBatch.Texts(rows.Select(r => r.Append.Run.Tenant)),
            AppendBatch.Array(NpgsqlDbType.Uuid, rows.Select(r => r.Append.Run.Id)),
            AppendBatch.Array(NpgsqlDbType.Bigint, rows.Select(r => r.Append.Run.Epoch)),
            AppendBatch.Array(NpgsqlDbType.Bigint, rows.Select(r => r.Append.NextSeq + r.Append.Entries.Count)),
            AppendBatch.Texts(rows.Select(r => AppendBatch.StatusAfter(r.Append.Transition))),
        },
    };
}
