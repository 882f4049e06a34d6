using System.Text.Json;
using Minion.Orchestration.Runs.Engine;
using Minion.Orchestration.Runs.Journal;
using Npgsql;
using NpgsqlTypes;

namespace Minion.Orchestration.Inbox;

/// <summary>A question on its way into the inbox.</summary>
internal sealed record AskedItem(
    Guid Id,
    string Question,
    string Kind,
    int Step,
    int Call,
    string Text,
    IReadOnlyList<string> Choices,
    string Tool,
    string Arguments,
    string? Assignee,
    DateTimeOffset AskedAt,
    DateTimeOffset? DueAt,
    string? OnTimeout,
    string? EscalateTo,
    string? Form,
    string? Url);

/// <summary>What an append writes to the inbox: nothing, unless one of its runs asks something or ends while something is open.</summary>
internal static class InboxBatch
{
    // The fence of the append holds here too: the run's row is as this append leaves it, or nothing is written.
    private const string InsertItems =
        """
        INSERT INTO orchestration.inbox
          (tenant, id, run_id, question, agent, requested_by, kind, step, call, text, choices, tool, arguments, assignee, asked_at, due_at, on_timeout,
           escalate_to, form, url)
        SELECT r.tenant, i.id, r.id, i.question, r.agent, r.principal, i.kind, i.step, i.call, i.text, i.choices, i.tool, i.arguments, i.assignee,
          i.asked_at, i.due_at, i.on_timeout, i.escalate_to, i.form, i.url
        FROM unnest($1::text[], $2::uuid[], $3::bigint[], $4::bigint[], $5::text[]) AS x (tenant, run_id, epoch, next_seq, item)
        JOIN orchestration.runs r ON r.tenant = x.tenant AND r.id = x.run_id AND r.epoch = x.epoch AND r.next_seq = x.next_seq
        CROSS JOIN LATERAL jsonb_to_record(x.item::jsonb) AS i (
          id uuid, question text, kind text, step int, call int, text text, choices text[], tool text, arguments text, assignee text,
          asked_at timestamptz, due_at timestamptz, on_timeout text, escalate_to text, form text, url text)
        ON CONFLICT (tenant, id) DO NOTHING
        """;

    private const string WithdrawItems =
        """
        UPDATE orchestration.inbox i SET status = 'withdrawn', closed_at = x.at
        FROM unnest($1::text[], $2::uuid[], $3::bigint[], $4::bigint[], $5::timestamptz[]) AS x (tenant, run_id, epoch, next_seq, at)
        JOIN orchestration.runs r ON r.tenant = x.tenant AND r.id = x.run_id AND r.epoch = x.epoch AND r.next_seq = x.next_seq
        WHERE i.tenant = x.tenant AND i.run_id = x.run_id AND i.status = 'open' AND r.status IN ('completed', 'failed', 'cancelled')
        """;

    public static void Add(NpgsqlBatch batch, IReadOnlyList<Append> appends)
    {
        List<(Append Append, string Item)> asked = [];
        List<Append> ended = [];
        foreach (var append in appends)
        {
            foreach (var entry in append.Entries)
            {
                if (entry.Payload is QuestionAsked { Item: not null })
                {
                    asked.Add((append, Item(entry)));
                }
            }

            if (append.WithdrawsItems)
            {
                ended.Add(append);
            }
        }

        if (asked.Count > 0)
        {
            batch.BatchCommands.Add(Statement(InsertItems, asked.ConvertAll(a => a.Append), Array(NpgsqlDbType.Text, asked.Select(a => a.Item))));
        }

        if (ended.Count > 0)
        {
            batch.BatchCommands.Add(Statement(WithdrawItems, ended, Array(NpgsqlDbType.TimestampTz, ended.Select(a => a.At.UtcDateTime))));
        }
    }

    private static NpgsqlBatchCommand Statement(string sql, List<Append> appends, NpgsqlParameter last) => new(sql)
    {
        Parameters =
        {
            Array(NpgsqlDbType.Text, appends.Select(a => a.Run.Tenant)),
            Array(NpgsqlDbType.Uuid, appends.Select(a => a.Run.Id)),
            Array(NpgsqlDbType.Bigint, appends.Select(a => a.Run.Epoch)),
            Array(NpgsqlDbType.Bigint, appends.Select(a => a.NextSeq + a.Entries.Count)),
            last,
        },
    };

    private static string Item(Entry entry)
    {
        var asked = (QuestionAsked)entry.Payload;
        var item = new AskedItem(
            asked.Item!.Value,
            asked.Id,
            asked.Asks ?? QuestionAsked.Uncertain,
            entry.Step,
            entry.Call,
            asked.Text,
            asked.Choices,
            asked.Tool,
            asked.Arguments,
            asked.Assignee,
            entry.EndedAt,
            asked.DueAt,
            asked.OnTimeout,
            asked.EscalateTo,
            asked.Form,
            asked.Url);
        return StoredText.CleanJson(JsonSerializer.Serialize(item, InboxJsonContext.Default.AskedItem));
    }

    private static NpgsqlParameter Array<T>(NpgsqlDbType type, IEnumerable<T> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
}
