using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;

namespace Minion.Orchestration.Inbox;

/// <summary>An item as a row of <c>orchestration.inbox</c>.</summary>
internal static class InboxRow
{
    public const string Columns =
        """
        id, run_id, question, agent, requested_by, kind, step, call, text, choices, tool, arguments, assignee, asked_at, due_at, on_timeout, escalate_to,
        status, choice, answer, edited, answered_by, closed_at, history::text, form, url
        """;

    public static InboxItem Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        RunId = row.GetGuid(1),
        Question = row.GetString(2),
        Agent = row.GetString(3),
        RequestedBy = row.GetString(4),
        Kind = row.GetString(5),
        Step = row.GetInt32(6),
        Call = row.GetInt32(7),
        Text = row.GetString(8),
        Choices = row.GetFieldValue<string[]>(9),
        Tool = row.GetString(10),
        Arguments = row.GetString(11),
        Assignee = row.TextOrNull(12),
        AskedAt = row.GetFieldValue<DateTimeOffset>(13),
        DueAt = TimeOrNull(row, 14),
        OnTimeout = row.TextOrNull(15),
        EscalateTo = row.TextOrNull(16),
        Status = row.GetString(17),
        Choice = row.TextOrNull(18),
        Answer = row.TextOrNull(19),
        Edited = row.TextOrNull(20),
        AnsweredBy = row.TextOrNull(21),
        ClosedAt = TimeOrNull(row, 22),
        History = JsonSerializer.Deserialize(row.GetString(23), InboxJsonContext.Default.IReadOnlyListInboxEvent)!,
        Form = row.TextOrNull(24),
        Url = row.TextOrNull(25),
    };

    public static string Write(InboxEvent happened) => JsonSerializer.Serialize(happened, InboxJsonContext.Default.InboxEvent);

    private static DateTimeOffset? TimeOrNull(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(InboxEvent))]
[JsonSerializable(typeof(IReadOnlyList<InboxEvent>))]
[JsonSerializable(typeof(AskedItem))]
internal sealed partial class InboxJsonContext : JsonSerializerContext;
