using Minion.Contracts.Tools.V1;
using Minion.Tools;

namespace Minion.Orchestration.Tests.Hosting;

/// <summary>A tool that changes something and throws, so that nobody knows whether it did.</summary>
internal sealed class BreakingTool : ITool
{
    private int _calls;

    public int Calls => _calls;

    public ToolDescription Description { get; } = new()
    {
        Name = "gated",
        Version = "1",
        Description = "Breaks.",
        InputSchema = """{"type":"object"}""",
        OutputSchema = """{"type":"object"}""",
        Policy = new Tools.ToolPolicy(Effect.SideEffect),
    };

    public ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        throw new IOException("The connection is gone.");
    }
}
