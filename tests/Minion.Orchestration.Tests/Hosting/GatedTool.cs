using System.Collections.Concurrent;
using System.Text.Json;
using Minion.Contracts.Tools.V1;
using Minion.Tools;

namespace Minion.Orchestration.Tests.Hosting;

/// <summary>A tool whose calls are counted; the first one goes on only when the test opens the gate. Hosts may share it.</summary>
internal sealed class GatedTool(string name, Effect effect) : ITool
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int _calls;
    private int _stopped;

    public ConcurrentQueue<string> Keys { get; } = new();

    public ToolDescription Description { get; } = new()
    {
        Name = name,
        Version = "1",
        Description = "Waits for the test.",
        InputSchema = """{"type":"object"}""",
        OutputSchema = """{"type":"object"}""",
        Policy = new Tools.ToolPolicy(effect) { Timeout = TimeSpan.FromMinutes(1) },
    };

    /// <summary>How many calls were given up.</summary>
    public int Stopped => Volatile.Read(ref _stopped);

    /// <summary>What the first call says before it waits; null for nothing.</summary>
    public string? Says { get; init; }

    public void Open() => _gate.TrySetResult();

    public async ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        Keys.Enqueue(call.IdempotencyKey);
        if (Interlocked.Increment(ref _calls) == 1)
        {
            call.Progress?.Report(Says ?? "");
            try
            {
                await _gate.Task.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                Interlocked.Increment(ref _stopped);
                throw;
            }
        }

        return new ToolResult(JsonDocument.Parse("""{"ok":true}""").RootElement);
    }
}
