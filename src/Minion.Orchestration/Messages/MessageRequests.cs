using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Runs.Journal;
using Minion.Yaml;

namespace Minion.Orchestration.Messages;

/// <summary>Checks requests about messages; all bad fields are named at once.</summary>
internal static class MessageRequests
{
    public const int MostPayloadBytes = 1024 * 1024;
    public const int LongestKey = 200;
    public const int LongestReason = 1000;
    private const int DeepestPayload = 64;
    private static readonly TimeSpan LongestLease = TimeSpan.FromHours(12);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DefaultLease = TimeSpan.FromSeconds(30);

    public static Outgoing Check(SendRequest request, string principal)
    {
        var v = new Violations();
        var to = Address(request.To, "to", v);
        v.Check(System.Enum.IsDefined(request.Performative) && request.Performative != Performative.Unspecified, "performative", $"is missing, or not one of {string.Join(", ", Performatives.Names)}.");
        var payload = Json(request.Payload, "payload", v);
        v.Check(request.FromAgent.Length == 0 || TextRules.IsName(request.FromAgent), "from_agent", $"{Quoted.Of(request.FromAgent)} is not an agent's name.");
        Short(request.Key, "key", v);
        Short(request.ConversationId, "conversation_id", v);
        v.Check(request.InReplyTo.Length == 0 || Guid.TryParse(request.InReplyTo, out _), "in_reply_to", "is not a message's id (a UUID).");
        v.Check(request.ReplyBy is not { } by || (by.Seconds is >= 0 and < 253_402_300_800 && by.Nanos is >= 0 and < 1_000_000_000), "reply_by", "is not a time from 1970 on.");
        var timeToLive = Span(request.TimeToLive, TimeSpan.FromSeconds(1), TimeSpan.FromDays(366), "time_to_live", "must be from 1 second to 366 days.", v);
        v.ThrowIfAny();

        var keyless = request.Clone();
        keyless.Key = "";
        return new Outgoing(
            request.FromAgent.Length > 0 ? $"agent:{request.FromAgent}" : principal,
            to!.Value,
            request.Performative.ToText(),
            payload,
            request.Key.Length > 0 ? request.Key : null,
            SHA256.HashData(keyless.ToByteArray()),
            request.ConversationId,
            request.InReplyTo.Length > 0 ? Guid.Parse(request.InReplyTo) : null,
            request.ReplyBy?.ToDateTimeOffset(),
            timeToLive);
    }

    public static (Address Receiver, int Limit, TimeSpan Lease, TimeSpan Wait) Check(ReceiveRequest request)
    {
        var v = new Violations();
        var receiver = Receiver(request.Receiver, "receiver", v);
        v.Check(request.Limit is >= 0 and <= 100, "limit", $"must be from 1 to 100, or 0 for 1, not {request.Limit}.");
        var lease = Lease(request.Lease, v);
        var wait = Wait(request.Wait, v);
        v.ThrowIfAny();
        return (receiver!.Value, request.Limit == 0 ? 1 : request.Limit, lease, wait);
    }

    public static (Guid Delivery, Guid Lease) Check(string deliveryId, string leaseId, string reason = "")
    {
        var v = new Violations();
        v.Check(Guid.TryParse(deliveryId, out var delivery), "delivery_id", "is not a delivery's id (a UUID).");
        v.Check(Guid.TryParse(leaseId, out var lease), "lease_id", "is not a lease's id (a UUID).");
        TextRules.CheckText(reason, LongestReason, "reason", v);
        v.ThrowIfAny();
        return (delivery, lease);
    }

    public static Guid DeadLetterId(string id)
    {
        var v = new Violations();
        v.Check(Guid.TryParse(id, out var read), "id", "is not a dead letter's id (a UUID).");
        v.ThrowIfAny();
        return read;
    }

    public static Address? Address(string text, string field, Violations v)
    {
        v.Check(
            Messages.Address.TryParse(text, out var address),
            field,
            text.Length == 0 ? $"is missing: {Messages.Address.Form}." : $"{Quoted.Of(text)} is not an address: {Messages.Address.Form} (a topic has {Messages.Address.TopicForm}).");
        return address;
    }

    public static Address? Receiver(string text, string field, Violations v)
    {
        var address = Address(text, field, v);
        v.Check(address?.Kind != AddressKind.Topic, field, $"is a topic; whoever receives is {Messages.Address.ReceiverForm}.");
        return address;
    }

    /// <summary>JSON as it is stored; nothing is <c>null</c>.</summary>
    public static string Json(string text, string field, Violations v)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (!v.Check(bytes <= MostPayloadBytes, field, $"has {bytes:N0} bytes; at most {MostPayloadBytes:N0} (1 MiB) are allowed.") || text.Length == 0)
        {
            return "null";
        }

        if (StoredJson.Problem(text, DeepestPayload) is { } problem)
        {
            v.Add(field, problem);
            return "null";
        }

        return StoredText.CleanJson(StoredText.Clean(text));
    }

    public static void Short(string text, string field, Violations v)
    {
        TextRules.CheckText(text, LongestKey, field, v);
        v.Check(!text.Any(char.IsControl), field, "has control characters.");
    }

    public static TimeSpan Lease(Duration? given, Violations v) =>
        Span(given, TimeSpan.FromSeconds(1), LongestLease, "lease", "must be from 1 second to 12 hours, or absent for 30 seconds.", v) ?? DefaultLease;

    public static TimeSpan Wait(Duration? given, Violations v) =>
        Span(given, TimeSpan.Zero, LongestWait, "wait", "must be from nothing to 60 seconds.", v) ?? TimeSpan.Zero;

    public static TimeSpan? Span(Duration? given, TimeSpan least, TimeSpan most, string field, string message, Violations v)
    {
        if (given is null)
        {
            return null;
        }

        var isSpan = given.Nanos is >= 0 and < 1_000_000_000 && given.Seconds >= 0 && given.Seconds <= most.TotalSeconds;
        return v.Check(isSpan && given.ToTimeSpan() >= least && given.ToTimeSpan() <= most, field, message) ? given.ToTimeSpan() : null;
    }
}
