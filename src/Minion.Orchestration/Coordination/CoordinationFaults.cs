using Grpc.Core;
using Minion.Contracts.Faults;

namespace Minion.Orchestration.Coordination;

/// <summary>What callers are told when something is not possible with a semaphore, barrier or queue.</summary>
internal static class CoordinationFaults
{
    public static Fault NoSemaphore(string name) => Fault.NotFound("semaphore", name, "'minion semaphores' lists them; acquiring makes a new one.");

    public static Fault NoBarrier(string name) => Fault.NotFound("barrier", name, "Arriving makes a new one.");

    public static Fault NotHeld(string name, string holder) => new(
        StatusCode.FailedPrecondition,
        "LEASE_LOST",
        $"'{holder}' does not hold '{name}' under this fence: the lease was over.",
        "Stop what it protects, and acquire it again; take a longer lease, or renew it in time.");

    public static Fault InUse(string name) => new(
        StatusCode.FailedPrecondition, "SEMAPHORE_IN_USE", $"The semaphore '{name}' is held or waited for.", "Release its holders first.");

    public static Fault OtherParties(string name, int parties, int asked) => new(
        StatusCode.FailedPrecondition, "BARRIER_OF_OTHER_SIZE", $"The barrier '{name}' is for {parties} parties, not {asked}.", "Name the same number everywhere, or delete the barrier.");

    public static Fault ItemLost(Guid id) => new(
        StatusCode.FailedPrecondition,
        "LEASE_LOST",
        $"The item '{id}' is no longer held under this fence: its lease was over and somebody else took it, or it was completed.",
        "Take a longer lease, or renew it in time.");
}
