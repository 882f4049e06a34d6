using Grpc.Core;
using Minion.Contracts.Faults;

namespace Minion.Orchestration.Runs.History;

/// <summary>What can be wrong with a call to the history service.</summary>
internal static class HistoryFaults
{
    public static Fault UnknownModel(string name) => Fault.NotFound("model", name, "'minion models' lists the models.");

    public static Fault UnknownText(string hash) => Fault.NotFound("text", hash, "'minion runs show' with --output json lists the long texts of a run (long_texts).");

    public static Fault OtherBehaviour(string behaviour, int version, string other) => new(
        StatusCode.FailedPrecondition,
        "OTHER_BEHAVIOUR",
        $"The run's journal was begun with {behaviour}, and version {version} of its agent has the behaviour '{other}', which cannot continue it.",
        "Fork from the start (step 1), or choose a version with the same behaviour.");
}
