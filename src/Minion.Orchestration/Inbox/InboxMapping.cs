using Google.Protobuf.WellKnownTypes;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Orchestration.Inbox;

/// <summary>Items as the API shows them.</summary>
internal static class InboxMapping
{
    public static Contracts.Orchestration.V1.InboxItem ToProto(this InboxItem item)
    {
        var result = new Contracts.Orchestration.V1.InboxItem
        {
            Id = item.Id.ToString(),
            Kind = System.Enum.Parse<InboxKind>(item.Kind, ignoreCase: true),
            Status = System.Enum.Parse<InboxStatus>(item.Status, ignoreCase: true),
            RunId = item.RunId.ToString(),
            Agent = item.Agent,
            RequestedBy = item.RequestedBy,
            Step = item.Step,
            Call = item.Call,
            Text = item.Text,
            Tool = item.Tool,
            Arguments = item.Arguments,
            Assignee = item.Assignee ?? "",
            AskedAt = item.AskedAt.ToTimestamp(),
            DueAt = item.DueAt?.ToTimestamp(),
            OnTimeout = item.OnTimeout ?? "",
            EscalateTo = item.EscalateTo ?? "",
            Form = item.Form ?? "",
            Url = item.Url ?? "",
        };
        result.Choices.AddRange(item.Choices);
        result.History.AddRange(item.History.Select(ToProto));
        if (item.Status is InboxItem.Answered or InboxItem.Expired)
        {
            result.Answer = new InboxAnswer
            {
                Choice = item.Choice ?? "",
                Text = item.Answer ?? "",
                Arguments = item.Edited ?? "",
                Principal = item.AnsweredBy ?? "",
                At = item.ClosedAt?.ToTimestamp(),
            };
        }

        return result;
    }

    /// <summary>As rows have it; empty when unspecified.</summary>
    public static string ToText(this InboxKind kind) => kind == InboxKind.Unspecified ? "" : kind.ToString().ToLowerInvariant();

    /// <summary>As rows have it; open when unspecified.</summary>
    public static string ToText(this InboxStatus status) => status == InboxStatus.Unspecified ? InboxItem.Open : status.ToString().ToLowerInvariant();

    private static Contracts.Orchestration.V1.InboxEvent ToProto(InboxEvent happened) => new()
    {
        At = happened.At.ToTimestamp(),
        Kind = happened.Kind,
        Principal = happened.By ?? "",
        From = happened.From ?? "",
        To = happened.To,
        Reason = happened.Reason ?? "",
    };
}
