using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Runs;

/// <summary>Each entry as a line, and what tools say while they work; or each part as a line of JSON.</summary>
internal sealed class JournalView(Terminal terminal, bool json) : IRunView
{
    private readonly ToolOutputLines _output = new();

    public bool WantsDeltas => true;

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
        else if (part.ToolOutput is { } output)
        {
            foreach (var line in _output.Of(output))
            {
                terminal.Out.WriteLine($"{"",16}{line}");
            }
        }
    }
}
