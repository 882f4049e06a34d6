using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Minion.Contracts.Orchestration.V1;
using Npgsql;

namespace Minion.Orchestration.Messages;

/// <summary>A message as it is stored.</summary>
internal sealed record MessageRecord(
    Guid Id,
    string Sender,
    string To,
    string Performative,
    string ConversationId,
    Guid? InReplyTo,
    DateTimeOffset? ReplyBy,
    DateTimeOffset? ExpiresAt,
    string Payload,
    DateTimeOffset SentAt,
    bool Tainted)
{
    /// <summary>In the order of <see cref="Read"/>, of the table <c>m</c>.</summary>
    public const string Columns =
        "m.id, m.sender, m.receiver, m.performative, m.conversation_id, m.in_reply_to, m.reply_by, m.expires_at, m.payload::text, m.sent_at, m.tainted";

    /// <summary>The same with the beginning of the payload, for lists.</summary>
    public const string ShortColumns =
        "m.id, m.sender, m.receiver, m.performative, m.conversation_id, m.in_reply_to, m.reply_by, m.expires_at, left(m.payload::text, 1000), m.sent_at, m.tainted";

    public const int ColumnCount = 11;

    public static MessageRecord Read(NpgsqlDataReader row, int first = 0) => new(
        row.GetGuid(first),
        row.GetString(first + 1),
        row.GetString(first + 2),
        row.GetString(first + 3),
        row.GetString(first + 4),
        row.IsDBNull(first + 5) ? null : row.GetGuid(first + 5),
        row.IsDBNull(first + 6) ? null : row.GetFieldValue<DateTimeOffset>(first + 6),
        row.IsDBNull(first + 7) ? null : row.GetFieldValue<DateTimeOffset>(first + 7),
        row.GetString(first + 8),
        row.GetFieldValue<DateTimeOffset>(first + 9),
        row.GetBoolean(first + 10));

    public AgentMessage ToProto() => new()
    {
        Id = Id.ToString(),
        Sender = Sender,
        To = To,
        Performative = Performatives.Parse(Performative),
        ConversationId = ConversationId,
        InReplyTo = InReplyTo?.ToString() ?? "",
        ReplyBy = ReplyBy is { } by ? Timestamp.FromDateTimeOffset(by) : null,
        ExpiresAt = ExpiresAt is { } at ? Timestamp.FromDateTimeOffset(at) : null,
        Payload = Payload,
        SentAt = Timestamp.FromDateTimeOffset(SentAt),
        Tainted = Tainted,
    };

    /// <summary>The topic; empty for a message to the receiver itself.</summary>
    public string Topic => To.StartsWith("topic:", StringComparison.Ordinal) ? To["topic:".Length..] : "";

    /// <summary>All of it as a reader, or a model, may want to see it.</summary>
    public string ToText()
    {
        var head = new List<string> { $"Message {Id}", $"from: {Sender}", $"to: {To}", $"performative: {Performative}", $"conversation: {ConversationId}" };
        if (InReplyTo is { } original)
        {
            head.Add($"in reply to: {original}");
        }

        if (ReplyBy is { } by)
        {
            head.Add($"reply by: {by.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}");
        }

        return $"{string.Join('\n', head)}\n\n{Payload}";
    }
}

/// <summary>A message in the hands of a receiver.</summary>
internal sealed record DeliveryRecord(
    Guid Id, Guid LeaseId, MessageRecord Message, string Receiver, long Seq, int Attempt, DateTimeOffset LeasedUntil)
{
    public Delivery ToProto() => new()
    {
        Id = Id.ToString(),
        LeaseId = LeaseId.ToString(),
        Message = Message.ToProto(),
        Receiver = Receiver,
        Seq = Seq,
        Attempt = Attempt,
        LeasedUntil = Timestamp.FromDateTimeOffset(LeasedUntil),
    };
}
