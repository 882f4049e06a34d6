using System.Collections.Concurrent;
using System.Text.Json;
using Minion.Contracts.Tools.V1;
using Minion.Tools;

namespace Minion.Orchestration.Tests.Hosting;

/// <summary>A tool that keeps the arguments of its calls. Hosts may share it.</summary>
internal sealed class RecordingTool(string name = "send_money", Effect effect = Effect.SideEffect) : ITool
{
    public ConcurrentQueue<string> Calls { get; } = new();

    public ToolDescription Description { get; } = new()
    {
        Name = name,
        Version = "1",
        Description = "Keeps what it is called with.",
        InputSchema = """{"type":"object"}""",
        OutputSchema = """{"type":"object"}""",
        Policy = new Tools.ToolPolicy(effect) { Timeout = TimeSpan.FromMinutes(1) },
    };

    public ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        Calls.Enqueue(call.Arguments.ToString());
        return ValueTask.FromResult<ToolOutcome>(new ToolResult(call.Arguments.Clone()));
    }
}
