using System.Text.Json;
using Minion.Contracts.Tools.V1;
using Minion.Tools;

namespace Minion.Orchestration.Tests.Hosting;

/// <summary>A tool that counts how many calls are under way at once; each waits until the test lets it go. Hosts may share it.</summary>
internal sealed class CrowdTool : ITool
{
    private readonly SemaphoreSlim _leave = new(0);
    private int _inside;
    private int _most;

    public int Inside => Volatile.Read(ref _inside);

    public int Most => Volatile.Read(ref _most);

    public ToolDescription Description { get; } = new()
    {
        Name = "crowd",
        Version = "1",
        Description = "Waits for the test.",
        InputSchema = """{"type":"object"}""",
        OutputSchema = """{"type":"object"}""",
        Policy = new Tools.ToolPolicy(Effect.ReadOnly) { Timeout = TimeSpan.FromMinutes(5), Concurrency = 2_000 },
    };

    public void LetGo(int calls = 100_000) => _leave.Release(calls);

    public async ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var inside = Interlocked.Increment(ref _inside);
        for (var most = Most; inside > most && Interlocked.CompareExchange(ref _most, inside, most) != most;)
        {
            most = Most;
        }

        try
        {
            await _leave.WaitAsync(cancellationToken);
            return new ToolResult(JsonDocument.Parse("{}").RootElement);
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }
}
