using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Orchestration.Agents;

namespace Minion.Orchestration.Messages;

/// <summary>What callers are told when something is not possible with a message.</summary>
internal static class MessageFaults
{
    public static Fault NotFound(Address to) => to.Kind == AddressKind.Agent
        ? AgentFaults.NotFound(to.Name)
        : Fault.NotFound(to.Kind.ToString().ToLowerInvariant(), to.Name, "Send to an agent or a topic, which stay.");

    public static Fault Ended(Address to, string status) => new(
        StatusCode.FailedPrecondition, "RECEIVER_ENDED", $"The {to.Kind.ToString().ToLowerInvariant()} '{to.Name}' is {status} and receives nothing more.", "Send to another receiver, or to a topic.");

    public static Fault KeyReused(string key) => new(
        StatusCode.AlreadyExists, "MESSAGE_KEY_REUSED", $"The key '{key}' was used before for another message.", "Give each new message a key of its own.");

    public static Fault UnknownDelivery(Guid id) => Fault.NotFound("delivery", id.ToString(), "Receive gives the id and the lease of each delivery.");

    public static Fault LeaseLost(Guid id) => new(
        StatusCode.FailedPrecondition,
        "LEASE_LOST",
        $"The delivery '{id}' is no longer held under this lease: it was over, and the message was handed out again or is a dead letter.",
        "Receive again; take a longer lease, or extend it, when the work takes longer.");

    public static Fault NoDeadLetter(Guid id) => Fault.NotFound("dead letter", id.ToString(), "'minion deadletters list' shows them.");

    public static Fault NoSubscriber(string topic) => new(
        StatusCode.FailedPrecondition, "NO_SUBSCRIBER", $"Nobody subscribes to '{topic}'; the message stays a dead letter.", "Subscribe, and replay it again.");
}
