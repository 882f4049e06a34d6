using Npgsql;

namespace Minion.Orchestration.Runs.Journal;

/// <summary>An entry as a row of <c>orchestration.entries</c>.</summary>
internal static class EntryRow
{
    public const string Columns = "seq, step, call, attempt, kind, payload::text, started_at, ended_at, input_tokens, output_tokens, trace_id, cost_usd";

    /// <summary>Reads the <see cref="Columns"/> from the given ordinal on.</summary>
    public static RawEntry Read(NpgsqlDataReader row, int from) => new(
        new Entry(
            row.GetInt64(from),
            row.GetInt32(from + 1),
            row.GetInt32(from + 2),
            row.GetInt32(from + 3),
            Payload: null!,
            row.GetFieldValue<DateTimeOffset>(from + 6),
            row.GetFieldValue<DateTimeOffset>(from + 7),
            TraceId: row.IsDBNull(from + 10) ? null : row.GetString(from + 10)),
        row.GetString(from + 4),
        row.GetString(from + 5),
        row.GetInt32(from + 8),
        row.GetInt32(from + 9),
        row.GetDecimal(from + 11));

    /// <summary>What an entry adds to the usage of its run.</summary>
    public static Usage UsageOf(EntryPayload payload, int inputTokens = 0, int outputTokens = 0, decimal costUsd = 0) =>
        payload is ChildEnded child
            ? new(inputTokens, outputTokens, child.ModelCalls, child.ToolCalls, costUsd)
            : new(inputTokens, outputTokens, payload is ModelAnswered or ModelHelped ? 1 : 0, payload is CallReturned ? 1 : 0, costUsd);
}
