using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Runs;

/// <summary>What is said of a run that did not complete.</summary>
internal static class RunEnd
{
    public static void Show(Terminal terminal, Run run)
    {
        switch (run.Status)
        {
            case RunStatus.Completed:
                break;
            case RunStatus.Cancelled:
                terminal.Error.WriteLine($"The run was cancelled{Reason(run.Error)}");
                break;
            case RunStatus.Failed:
                terminal.Error.WriteLine($"The run failed{Reason(run.Error)}");
                if (run.Error?.Hint is { Length: > 0 } hint)
                {
                    terminal.Error.WriteLine(Phrases.Printable(hint));
                }

                terminal.Error.WriteLine($"minion run show {run.Id} shows what it did; minion run retry {run.Id} goes on from there.");
                break;
            default:
                Questions.Show(terminal.Error, run.Id, run.Questions);
                break;
        }
    }

    private static string Reason(RunError? error) => string.IsNullOrEmpty(error?.Message) ? "." : ": " + Phrases.Printable(error.Message);
}
