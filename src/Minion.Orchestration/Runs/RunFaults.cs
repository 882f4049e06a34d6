using Grpc.Core;
using Minion.Contracts.Faults;

namespace Minion.Orchestration.Runs;

/// <summary>What can be wrong with a call to the run service.</summary>
internal static class RunFaults
{
    public static Fault NotFound(string id) => Fault.NotFound("run", id, "'minion runs' lists the runs of this tenant.");

    public static Fault AgentNotActive(string name, string status) => new(
        StatusCode.FailedPrecondition, "AGENT_NOT_ACTIVE", $"The agent '{name}' is {status}; only an active agent starts runs.", "Activate it, or use another agent.");

    public static Fault AgentChanges(string name) => new(
        StatusCode.Aborted, "AGENT_CHANGES", $"The agent '{name}' changed each time that the run was about to be accepted.", "Start the run again.");

    public static Fault UnknownBehaviour(string agent, string behaviour, IReadOnlyList<string> known) => new(
        StatusCode.FailedPrecondition, "UNKNOWN_BEHAVIOUR", $"The agent '{agent}' has the behaviour '{behaviour}', which does not exist.", $"Use one of: {string.Join(", ", known)}.");

    public static Fault OtherRequest(string requestId) => new(
        StatusCode.AlreadyExists,
        "REQUEST_ID_REUSED",
        $"The request_id '{requestId}' was used before for a run with another agent, session or input.",
        "Give each new run a request_id of its own.");

    public static Fault NotFailed(Guid run, string status) => new(
        StatusCode.FailedPrecondition, "RUN_NOT_FAILED", $"Run {run} is {status}; only a failed run can be retried.", "Start a new run.");

    public static Fault IsChild(Guid run, Guid root) => new(
        StatusCode.FailedPrecondition,
        "RUN_IS_CHILD",
        $"Run {run} was started by another, which has had its end and does not take another.",
        $"Retry the run at the top of its tree: {root}.");

    public static Fault NoQuestion(Guid run, string status) => new(
        StatusCode.FailedPrecondition, "NO_QUESTION", $"Run {run} is {status} and waits for no answer.", "'minion runs --status waiting' lists the runs that do.");

    public static Fault UnknownQuestion(Guid run, string question, IEnumerable<string> open) => new(
        StatusCode.NotFound, "QUESTION_NOT_FOUND", $"Run {run} does not wait for an answer to '{question}'.", $"Its open questions: {string.Join(", ", open)}.");
}
