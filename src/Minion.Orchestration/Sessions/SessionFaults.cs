using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Orchestration.Sessions;

/// <summary>What callers are told when something is not possible with a session.</summary>
internal static class SessionFaults
{
    public static Fault NotFound(Guid id) => Fault.NotFound("session", id.ToString(), "'minion sessions' lists them.");

    public static Fault NotOpen(SessionRecord session) => new(
        StatusCode.FailedPrecondition,
        $"SESSION_{session.Status.ToText().ToUpperInvariant()}",
        session.Status == SessionStatus.Expired
            ? $"The session '{session.Id}' expired at {session.ExpiresAt:u}; it takes no further message."
            : $"The session '{session.Id}' is {session.Status.ToText()}; it takes no further message.",
        "Create a new session.");

    public static Fault Exists(Guid id) => new(
        StatusCode.AlreadyExists, "SESSION_EXISTS", $"There is a session '{id}' already.", "Use that one, or choose another id.");

    public static Fault OtherAgent(SessionRecord session, string agent) => new(
        StatusCode.FailedPrecondition,
        "SESSION_OF_ANOTHER_AGENT",
        $"The session '{session.Id}' is held with the agent '{session.Agent}', not '{agent}'.",
        "Use that agent, or create a session without one.");

    public static Fault Busy(Guid id, Guid run) => new(
        StatusCode.FailedPrecondition,
        "SESSION_BUSY",
        $"The run {run} of the session '{id}' is under way.",
        $"Wait until it has ended, or cancel it: minion run cancel {run}.");

    public static Fault Changing(Guid id) => new(
        StatusCode.Aborted, "SESSION_CHANGES", $"The session '{id}' has just been used by others.", "Do it again.");

    public static Fault MessageNotFound(Guid id, long seq) => new(
        StatusCode.NotFound, "MESSAGE_NOT_FOUND", $"The session '{id}' has no message {seq}.", "'minion sessions messages' shows their numbers.");

    public static Fault TooManyPins(Guid id) => new(
        StatusCode.ResourceExhausted,
        "TOO_MANY_PINS",
        $"The session '{id}' has {PinStore.Most} pinned messages, or {PinStore.MostBytes / 1024} KiB of them, which is the most.",
        "Unpin one, or shorten what is pinned.");
}
