using Minion.Orchestration.Inbox;
using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Runs.Journal.LongTexts;
using Minion.Orchestration.Runs.Turns;
using Npgsql;
using NpgsqlTypes;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>Appends of several runs as one batch of statements. A batch has each run at most once.</summary>
internal static class AppendBatch
{
    /// <summary>Commits the appends together; the result has one element for each, in their order.</summary>
    public static async Task<AppendResult[]> CommitAsync(NpgsqlConnection connection, IReadOnlyList<Append> appends, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        var locksSessions = TurnBatch.AddLock(batch, appends);
        var locks = appends.Count > 1 || appends[0].Others.Any();
        if (locks)
        {
            batch.BatchCommands.Add(Lock(appends));
        }

        batch.BatchCommands.Add(Write(appends));
        var texts = appends.SelectMany(a => a.Stored.SelectMany(p => p.Texts).Select(t => (a.Run.Tenant, a.Run.Id, t))).ToList();
        if (texts.Count > 0)
        {
            batch.BatchCommands.Add(LongTextSql.KeepAll(texts, appends.Max(a => a.At)));
        }

        foreach (var append in appends.Where(WritesToSession).OrderBy(a => a.Run.SessionId))
        {
            batch.BatchCommands.Add(SessionMessage(append));
        }

        TurnBatch.Add(batch, appends);
        TreeBatch.Add(batch, appends);
        InboxBatch.Add(batch, appends);

        var statuses = new Dictionary<Guid, string>(appends.Count);
        // Acknowledged only when the reader is at its end: RETURNING rows arrive before the commit.
        await using (var reader = await batch.ExecuteReaderAsync(ct))
        {
            for (var result = (locks ? 1 : 0) + (locksSessions ? 1 : 0); result > 0; result--)
            {
                await reader.NextResultAsync(ct);
            }

            while (await reader.ReadAsync(ct))
            {
                statuses[reader.GetGuid(0)] = reader.GetString(1);
            }

            while (await reader.NextResultAsync(ct))
            {
            }
        }

        return [.. appends.Select(a => ResultOf(a, statuses.GetValueOrDefault(a.Run.Id)))];
    }

    /// <summary>Which of the appends have been committed already; null where it is certain that one has not.</summary>
    public static async Task<AppendResult?[]> RereadAsync(NpgsqlConnection connection, IReadOnlyList<Append> appends, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(AppendSql.Reread, connection);
        command.Parameters.Add(Texts(appends.Select(a => a.Run.Tenant)));
        command.Parameters.Add(Array(NpgsqlDbType.Uuid, appends.Select(a => a.Run.Id)));
        var rows = new Dictionary<Guid, (long Epoch, long NextSeq, string Status)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            rows[reader.GetGuid(0)] = (reader.GetInt64(1), reader.GetInt64(2), reader.GetString(3));
        }

        return [.. appends.Select(a => rows.TryGetValue(a.Run.Id, out var row) ? Judge(a, row) : AppendResult.Fenced)];
    }

    private static AppendResult? Judge(Append append, (long Epoch, long NextSeq, string Status) row)
    {
        if (row.Epoch != append.Run.Epoch)
        {
            return AppendResult.Fenced;
        }

        if (row.NextSeq == append.NextSeq && row.Status == "running" && (append.Entries.Count > 0 || append.Transition != Transition.Continue))
        {
            return null;
        }

        return row.NextSeq == append.NextSeq + append.Entries.Count ? ResultOf(append, row.Status) : AppendResult.Fenced;
    }

    private static AppendResult ResultOf(Append append, string? status) => status switch
    {
        null => AppendResult.Fenced,
        "running" when append.Transition == Transition.Wait => AppendResult.WaitRefused,
        _ => AppendResult.Committed,
    };

    private static bool WritesToSession(Append append) => append.EndsTurn && (append.Transition == Transition.Complete || append.Partial is not null);

    private static NpgsqlBatchCommand Lock(IReadOnlyList<Append> appends) => new(AppendSql.Lock)
    {
        Parameters =
        {
            Texts(appends.SelectMany(a => a.Others.Prepend(a.Run.Id).Select(_ => a.Run.Tenant))),
            Array(NpgsqlDbType.Uuid, appends.SelectMany(a => a.Others.Prepend(a.Run.Id))),
        },
    };

    private static NpgsqlBatchCommand Write(IReadOnlyList<Append> appends)
    {
        var usage = appends.Select(a => a.Entries.Aggregate(default(Usage), (sum, e) => sum + e.Usage)).ToArray();
        var entries = appends.SelectMany(a => a.Entries.Select((entry, ordinal) => (Run: a.Run.Id, Ordinal: ordinal, Entry: entry, a.Stored[ordinal].Json))).ToArray();
        return new NpgsqlBatchCommand(AppendSql.Write)
        {
            Parameters =
            {
                Texts(appends.Select(a => a.Run.Tenant)),
                Array(NpgsqlDbType.Uuid, appends.Select(a => a.Run.Id)),
                Array(NpgsqlDbType.Bigint, appends.Select(a => a.Run.Epoch)),
                Array(NpgsqlDbType.Bigint, appends.Select(a => a.NextSeq)),
                Array(NpgsqlDbType.Integer, appends.Select(a => a.Entries.Count)),
                Texts(appends.Select(a => StatusAfter(a.Transition))),
                Array(NpgsqlDbType.Bigint, appends.Select(a => a.SignalSeq)),
                Array(NpgsqlDbType.Bigint, usage.Select(u => u.InputTokens)),
                Array(NpgsqlDbType.Bigint, usage.Select(u => u.OutputTokens)),
                Array(NpgsqlDbType.Integer, usage.Select(u => u.ModelCalls)),
                Array(NpgsqlDbType.Integer, usage.Select(u => u.ToolCalls)),
                Texts(appends.Select(a => a.Waiting)),
                Texts(appends.Select(a => a.Output)),
                Texts(appends.Select(a => a.Error)),
                Array(NpgsqlDbType.TimestampTz, appends.Select(a => a.At.UtcDateTime)),
                Array(NpgsqlDbType.Uuid, entries.Select(e => e.Run)),
                Array(NpgsqlDbType.Integer, entries.Select(e => e.Ordinal)),
                Array(NpgsqlDbType.Integer, entries.Select(e => e.Entry.Step)),
                Array(NpgsqlDbType.Integer, entries.Select(e => e.Entry.Call)),
                Array(NpgsqlDbType.Integer, entries.Select(e => e.Entry.Attempt)),
                Texts(entries.Select(e => e.Entry.Payload.Kind)),
                Array(NpgsqlDbType.Boolean, entries.Select(e => e.Entry.Payload.IsOutcome)),
                Texts(entries.Select(e => e.Entry.Payload.Name is { } name ? StoredText.Clean(name) : null)),
                Texts(entries.Select(e => e.Json)),
                Array(NpgsqlDbType.TimestampTz, entries.Select(e => e.Entry.StartedAt.UtcDateTime)),
                Array(NpgsqlDbType.TimestampTz, entries.Select(e => e.Entry.EndedAt.UtcDateTime)),
                Array(NpgsqlDbType.Integer, entries.Select(e => (int)e.Entry.Usage.InputTokens)),
                Array(NpgsqlDbType.Integer, entries.Select(e => (int)e.Entry.Usage.OutputTokens)),
                Texts(entries.Select(e => e.Entry.TraceId)),
                Array(NpgsqlDbType.Numeric, usage.Select(u => u.CostUsd)),
                Array(NpgsqlDbType.Numeric, entries.Select(e => e.Entry.Usage.CostUsd)),
                Array(NpgsqlDbType.TimestampTz, appends.Select(a => a.WakeAt?.UtcDateTime)),
                Array(NpgsqlDbType.Boolean, appends.Select(a => a.IsPaused)),
            },
        };
    }

    private static NpgsqlBatchCommand SessionMessage(Append append) => new(AppendSql.SessionMessage)
    {
        Parameters =
        {
            new() { Value = append.Run.Tenant },
            new() { Value = append.Run.SessionId!.Value },
            new() { Value = append.Run.Id },
            new() { Value = append.Run.Epoch },
            new() { Value = append.NextSeq + append.Entries.Count },
            new() { Value = append.Output ?? append.Partial ?? "" },
            new() { Value = (object?)append.ToolCalls ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            new() { Value = append.At.UtcDateTime },
            new() { Value = StatusAfter(append.Transition) },
            new() { Value = append.Transition == Transition.Cancel },
            new() { Value = append.IsTainted },
        },
    };

    public static string StatusAfter(Transition transition) => transition switch
    {
        Transition.Continue => "running",
        Transition.Wait => "waiting",
        Transition.Release => "ready",
        Transition.Complete => "completed",
        Transition.Fail => "failed",
        Transition.Cancel => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(transition), transition, message: null),
    };

    public static NpgsqlParameter Texts(IEnumerable<string?> values) => Array(NpgsqlDbType.Text, values);

    public static NpgsqlParameter Array<T>(NpgsqlDbType type, IEnumerable<T> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
}
