using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Yaml;

namespace Minion.Orchestration.Schedules;

/// <summary>What callers are told when something is not possible with a schedule.</summary>
internal static class ScheduleFaults
{
    public static Fault NotFound(string name) => Fault.NotFound("schedule", Quoted.Cut(name, 80), "'minion schedules' lists them.");

    public static Fault Exists(string name) =>
        new(StatusCode.AlreadyExists, "SCHEDULE_EXISTS", $"There is a schedule '{name}' already.", "Update it, or choose another name.");

    public static Fault OfCluster(string name, string cluster) => new(
        StatusCode.FailedPrecondition,
        "SCHEDULE_OF_CLUSTER",
        $"The schedule '{name}' is declared by the cluster '{cluster}'.",
        "Change the cluster's file and apply it; pausing works without.");
}
