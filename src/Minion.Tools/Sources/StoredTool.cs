using Minion.Tools.Declarations;
using Minion.Tools.Registry;

namespace Minion.Tools.Sources;

/// <summary>A tool of a source that does not answer at the moment, as it was seen last: each call asks the source again.</summary>
internal sealed class StoredTool(LiveSource live, SeenVersion seen) : ITool
{
    public ToolDescription Description { get; } = ToolMessages.Read(seen.Definition);

    public async ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        try
        {
            var tools = await live.ListAsync().WaitAsync(cancellationToken);
            var tool = tools.FirstOrDefault(t => t.Description.Name == seen.Name && t.Description.Version == seen.Version && ToolHash.Of(t.Description).AsSpan().SequenceEqual(seen.Hash));
            return tool is null
                ? ToolOutcome.Failed($"'{seen.Name}' is not what it was when it was approved, or is there no longer.", "Do without this tool until it is approved again.")
                : await tool.InvokeAsync(call, cancellationToken);
        }
        catch (ToolSourceException exception)
        {
            return ToolOutcome.FailedForNow($"The source of '{seen.Name}' cannot be reached: {exception.Message}", "Try again later, or do without this tool.");
        }
    }
}
