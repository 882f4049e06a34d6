using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Yaml;

namespace Minion.Orchestration.Agents;

/// <summary>What callers are told when something is not possible with an agent.</summary>
internal static class AgentFaults
{
    public static Fault NotFound(string name, int version = 0) => version == 0
        ? Fault.NotFound("agent", Quoted.Cut(name, 80), "List the agents with `minion get agents`, or apply the cluster file that declares it.")
        : new Fault(StatusCode.NotFound, "AGENT_VERSION_NOT_FOUND", $"The agent '{Quoted.Cut(name, 80)}' has no version {version}, or there is no such agent.", "List its versions.");

    public static Fault Exists(string name) =>
        new(StatusCode.AlreadyExists, "AGENT_EXISTS", $"There is an agent '{name}' already.", "Update it, or choose another name.");

    public static Fault VersionChanged(string name, int expected, int current) => new(
        StatusCode.Aborted,
        "AGENT_VERSION_CHANGED",
        $"The agent '{name}' is at version {current}, not {expected}: somebody else changed it.",
        "Read it again, repeat your change on that, and send it with the new version.");

    public static Fault Archived(string name) =>
        new(StatusCode.FailedPrecondition, "AGENT_ARCHIVED", $"The agent '{name}' is archived and cannot be changed.", "Delete it to use the name again.");

    public static Fault StatusRefused(string name, AgentStatus current, AgentStatus wanted)
    {
        var after = AgentStatuses.After(current);
        var allowed = after.Count == 0 ? "nothing can follow" : $"only {string.Join(" or ", after.Select(AgentStatuses.ToText))} can follow";
        return new Fault(
            StatusCode.FailedPrecondition,
            "AGENT_STATUS_REFUSED",
            $"The agent '{name}' is {current.ToText()}; it cannot become {wanted.ToText()}: {allowed}.",
            "The order is draft, active, inactive (and back to active), archived.");
    }

    public static string UnknownModel(string name, IReadOnlyCollection<string> known)
    {
        var meant = Nearest.To(name, known) is { } nearest ? $" Did you mean '{nearest}'?" : "";
        var list = known.Count == 0 ? "there are none yet: apply a cluster file that declares one" : $"there are {string.Join(", ", known.Order().Take(20))}";
        return $"there is no model '{Quoted.Cut(name, 80)}'.{meant} {char.ToUpperInvariant(list[0])}{list[1..]}.";
    }
}
