using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Runs;

internal static class RunStates
{
    public static bool IsEnd(RunStatus status) => status is RunStatus.Completed or RunStatus.Failed or RunStatus.Cancelled;

    public static int ExitCode(Run run) => run.Status switch
    {
        RunStatus.Completed => ExitCodes.Ok,
        RunStatus.Failed or RunStatus.Cancelled => ExitCodes.Failed,
        _ when run.Questions.Count > 0 => ExitCodes.Waits,
        _ => ExitCodes.Ok,
    };
}
