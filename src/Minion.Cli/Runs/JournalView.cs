using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Runs;

/// <summary>Each entry as a line, or each part as a line of JSON.</summary>
internal sealed class JournalView(Terminal terminal, bool json) : IRunView
{
    public bool WantsDeltas => json;

    public void Show(WatchRunResponse part)
    {
        if (json)
        {
            terminal.Line(JsonOutput.Node(part));
        }
        else if (part.Entry is { } entry)
        {
            terminal.Out.WriteLine(JournalLines.Line(entry));
        }
    }
}
