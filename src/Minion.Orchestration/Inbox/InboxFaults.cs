using Grpc.Core;
using Minion.Contracts.Faults;

namespace Minion.Orchestration.Inbox;

/// <summary>What can be wrong with a call to the inbox.</summary>
internal static class InboxFaults
{
    public static Fault NotFound(string id) => Fault.NotFound("inbox item", id, "'minion inbox' lists what waits for an answer.");

    /// <summary>Why an item cannot be answered or delegated any more.</summary>
    public static Fault Closed(InboxItem item) => item.Status switch
    {
        InboxItem.Answered => new Fault(
            StatusCode.FailedPrecondition,
            "ANSWERED_ALREADY",
            $"The item {item.Id} was answered with {Given(item)} by '{item.AnsweredBy}' at {item.ClosedAt:u}.",
            "An answer cannot be changed."),
        InboxItem.Withdrawn => new Fault(
            StatusCode.FailedPrecondition,
            "ITEM_WITHDRAWN",
            $"The item {item.Id} was withdrawn at {item.ClosedAt:u}: its run {item.RunId} ended.",
            $"'minion run show {item.RunId}' says how."),
        _ => new Fault(
            StatusCode.FailedPrecondition,
            "ANSWERED_TOO_LATE",
            $"The time of the item {item.Id} was over at {item.ClosedAt ?? item.DueAt:u}; what was agreed for that holds: {item.Choice ?? item.OnTimeout}.",
            $"'minion run show {item.RunId}' says how the run goes on."),
    };

    private static string Given(InboxItem item) =>
        item.Choice is { Length: > 0 } choice ? $"'{choice}'" : $"'{Yaml.Quoted.Cut(item.Answer ?? "", 100)}'";
}
