using Minion.Tools.Execution;
using Minion.Tools.Idempotency;
using Minion.Tools.Limits;
using Minion.Tools.Policies;
using Minion.Tools.Registry;

namespace Minion.Tools.Tests;

/// <summary>What the pipeline keeps, without a database.</summary>
internal sealed class FakeStores : IGivenApprovals, IRateLimits, IKeptResults, IKeyedCalls
{
    /// <summary>Calls with a key that began, with what came of them.</summary>
    public Dictionary<string, KeyedCall> Keyed { get; } = [];

    public HashSet<(string Tool, string Agent, string Hash)> Approved { get; } = [];

    public Dictionary<string, int> Taken { get; } = [];

    public Dictionary<Guid, string> Kept { get; } = [];

    public Task<bool> HasAsync(ToolRequest request, RegisteredTool tool, CancellationToken cancellationToken) => Task.FromResult(Approved.Contains(Key(request, tool)));

    public Task AddAsync(ToolRequest request, RegisteredTool tool, CancellationToken cancellationToken)
    {
        Approved.Add(Key(request, tool));
        return Task.CompletedTask;
    }

    public Task<TimeSpan?> TakeAsync(string tenant, string tool, ToolRate rate, CancellationToken cancellationToken)
    {
        Taken[tool] = Taken.GetValueOrDefault(tool) + 1;
        return Task.FromResult(Taken[tool] <= rate.Calls ? (TimeSpan?)null : rate.Period);
    }

    public Task<Guid?> KeepAsync(ToolRequest request, bool untrusted, string json, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        Kept[id] = json;
        return Task.FromResult((Guid?)id);
    }

    public Task<KeptPage?> ReadAsync(ToolCall call, Guid id, int offset, int limit, CancellationToken cancellationToken) =>
        Task.FromResult(Kept.TryGetValue(id, out var json) ? new KeptPage("fake", json[offset..Math.Min(json.Length, offset + limit)], json.Length, Untrusted: false) : null);

    public Task<KeyedCall?> BeginAsync(CallIdentity call, string tool, Guid claim, CancellationToken cancellationToken)
    {
        lock (Keyed)
        {
            if (Keyed.TryGetValue(call.Name, out var first))
            {
                return Task.FromResult<KeyedCall?>(first);
            }

            Keyed[call.Name] = new KeyedCall(claim, call.ArgumentsHash, Result: null, IsUnderWay: false);
            return Task.FromResult<KeyedCall?>(null);
        }
    }

    public Task<bool> TakeOverAsync(CallIdentity call, Guid before, Guid claim, CancellationToken cancellationToken)
    {
        lock (Keyed)
        {
            Keyed[call.Name] = Keyed[call.Name] with { Claim = claim };
            return Task.FromResult(true);
        }
    }

    public Task FinishAsync(CallIdentity call, Guid claim, ToolReport report, CancellationToken cancellationToken)
    {
        lock (Keyed)
        {
            Keyed[call.Name] = Keyed[call.Name] with { Result = report with { Repeated = true, Attempts = 0 } };
            return Task.CompletedTask;
        }
    }

    public Task LeaveAsync(CallIdentity call, Guid claim, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ReleaseAsync(CallIdentity call, Guid claim, CancellationToken cancellationToken)
    {
        lock (Keyed)
        {
            Keyed.Remove(call.Name);
            return Task.CompletedTask;
        }
    }

    private static (string, string, string) Key(ToolRequest request, RegisteredTool tool) => (tool.Description.Name, request.Origin.Proven.Agent, Convert.ToHexString(tool.Hash));
}
