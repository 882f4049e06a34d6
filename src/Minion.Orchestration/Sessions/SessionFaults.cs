using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Orchestration.Sessions;

/// <summary>What callers are told when something is not possible with a session.</summary>
internal static class SessionFaults
{
    public static Fault NotFound(Guid id) => Fault.NotFound("session", id.ToString(), "Create one, or leave the session out.");

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
}
