using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Runs;

/// <summary>What tools say while they work, line by line; what comes again after a reconnection is left out.</summary>
internal sealed class ToolOutputLines
{
    private const int Width = 160;

    private (long Epoch, long Number) _last;

    public IEnumerable<string> Of(ToolOutput output)
    {
        var position = (output.Epoch, output.Number);
        if (position.CompareTo(_last) <= 0)
        {
            return [];
        }

        _last = position;
        return output.Text.Split('\n').Select(line => $"│ {Phrases.Short(line, Width)}");
    }
}
