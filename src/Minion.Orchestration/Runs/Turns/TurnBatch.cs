using Minion.Orchestration.Runs.Engine;
using Minion.Orchestration.Runs.Journal;
using Npgsql;
using NpgsqlTypes;

namespace Minion.Orchestration.Runs.Turns;

/// <summary>What a batch of appends changes of sessions: a statement only for what there is.</summary>
internal static class TurnBatch
{
    /// <summary>Locks the sessions of runs that end, or bring a summary, before any run is locked. Whether there are any.</summary>
    public static bool AddLock(NpgsqlBatch batch, IReadOnlyList<Append> appends)
    {
        var sessions = appends.Where(a => a.EndsTurn || SummaryOf(a) is not null).ToList();
        if (sessions.Count == 0)
        {
            return false;
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand(TurnSql.Lock)
        {
            Parameters =
            {
                AppendBatch.Texts(sessions.Select(a => a.Run.Tenant)),
                AppendBatch.Array(NpgsqlDbType.Uuid, sessions.Select(a => a.Run.SessionId!.Value)),
            },
        });
        return true;
    }

    public static void Add(NpgsqlBatch batch, IReadOnlyList<Append> appends)
    {
        foreach (var append in appends)
        {
            foreach (var entry in append.Entries.Where(e => IsSummary(append, e)))
            {
                batch.BatchCommands.Add(Keep(append, entry, (ModelAnswered)entry.Payload));
            }
        }

        foreach (var append in appends.Where(a => a.EndsTurn))
        {
            batch.BatchCommands.Add(Sql.Statement(
                TurnSql.Pass,
                append.Run.Tenant,
                append.Run.SessionId,
                append.Run.Id,
                append.Run.Epoch,
                append.NextSeq + append.Entries.Count,
                AppendBatch.StatusAfter(append.Transition),
                append.At.UtcDateTime));
        }
    }

    private static Entry? SummaryOf(Append append) => append.Entries.FirstOrDefault(e => IsSummary(append, e));

    private static bool IsSummary(Append append, Entry entry) =>
        append.Run.SessionId is not null && entry.Payload is ModelAnswered { Summarised: not null } summary && !string.IsNullOrWhiteSpace(summary.Text);

    private static NpgsqlBatchCommand Keep(Append append, Entry entry, ModelAnswered summary) => Sql.Statement(
        TurnSql.KeepSummary,
        append.Run.Tenant,
        append.Run.SessionId,
        append.Run.Id,
        append.Run.Epoch,
        append.NextSeq + append.Entries.Count,
        summary.Summarised!.First,
        summary.Summarised.Last,
        summary.Text,
        entry.Step,
        append.At.UtcDateTime,
        append.ContextAt.UtcDateTime);
}
