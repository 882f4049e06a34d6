using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Execution;
using Minion.Tools.Registry;

namespace Minion.Tools.Idempotency;

/// <summary>
/// Lets a call with a key act once: one that comes again gets the result of the first, and one that comes meanwhile waits for it. Where the first ended and
/// nobody knows what became of it, a tool that can be called again with its key is; of any other that is said, unless a person has decided.
/// </summary>
internal sealed class CallOnce(IKeyedCalls calls, TimeProvider time, ILogger<CallOnce> log)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MoreThanTheTool = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _underWay = new(StringComparer.Ordinal);

    /// <param name="request">The call.</param>
    /// <param name="tool">The tool.</param>
    /// <param name="arguments">What it is called with.</param>
    /// <param name="act">Makes the call.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    public async Task<ToolReport> RunAsync(ToolRequest request, RegisteredTool tool, JsonElement arguments, Func<Task<ToolReport>> act, CancellationToken cancellationToken)
    {
        var call = CallIdentity.Of(request, tool, arguments);
        var patience = (tool.Description.Policy.Timeout * (tool.Description.Policy.Retries + 1)) + MoreThanTheTool;
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var since = time.GetTimestamp();
        while (_underWay.GetOrAdd(call.Name, mine) is { } other && other != mine)
        {
            if (!await EndsAsync(other.Task, patience - time.GetElapsedTime(since), cancellationToken))
            {
                return new ToolReport(Failures.StillUnderWay(tool.Description), Attempts: 0);
            }
        }

        try
        {
            return await FirstHereAsync(request, tool, call, patience, act, cancellationToken);
        }
        finally
        {
            _underWay.TryRemove(call.Name, out _);
            mine.SetResult();
        }
    }

    /// <summary>No other call with the key is under way in this process.</summary>
    private async Task<ToolReport> FirstHereAsync(
        ToolRequest request, RegisteredTool tool, CallIdentity call, TimeSpan patience, Func<Task<ToolReport>> act, CancellationToken cancellationToken)
    {
        var claim = Guid.CreateVersion7(time.GetUtcNow());
        ToolReport? ending;
        try
        {
            ending = await BeginAsync(request, tool, call, claim, patience, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            log.KeyedCallNotBegun(exception, tool.Description.Name);
            ending = new ToolReport(Failures.KeysAreNotKept(), Attempts: 0);
        }

        if (ending is not null)
        {
            return ending;
        }

        ToolReport? report = null;
        try
        {
            return report = await act();
        }
        finally
        {
            await NoteAsync(tool, call, claim, report);
        }
    }

    private async Task NoteAsync(RegisteredTool tool, CallIdentity call, Guid claim, ToolReport? report)
    {
        try
        {
            await (report?.Outcome switch
            {
                ToolResult => calls.FinishAsync(call, claim, report, CancellationToken.None),
                // It may have acted: that nobody knows stays.
                null or ToolFailure { Undecided: true } or ToolFailure { Kind: Failure.Types.Kind.InvalidResult } => calls.LeaveAsync(call, claim, CancellationToken.None),
                _ => calls.ReleaseAsync(call, claim, CancellationToken.None),
            });
        }
        catch (Exception exception)
        {
            log.KeyedCallNotKept(exception, tool.Description.Name);
        }
    }

    /// <summary>Null when the call may act.</summary>
    private async Task<ToolReport?> BeginAsync(ToolRequest request, RegisteredTool tool, CallIdentity call, Guid claim, TimeSpan patience, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        using var timer = new PeriodicTimer(Look, time);
        while (await calls.BeginAsync(call, tool.Description.Name, claim, cancellationToken) is { } first)
        {
            if (!first.ArgumentsHash.AsSpan().SequenceEqual(call.ArgumentsHash) && !request.Again)
            {
                return new ToolReport(Failures.KeyIsTaken(tool.Description), Attempts: 0);
            }

            if (first.Result is not null)
            {
                return first.Result;
            }

            var knowsKeys = tool.Description.Policy.Effect != Effect.SideEffect;
            var isLate = time.GetElapsedTime(since) > patience;
            if (first.IsUnderWay && !isLate)
            {
                await timer.WaitForNextTickAsync(cancellationToken);
            }
            else if (first.IsUnderWay && !knowsKeys)
            {
                return new ToolReport(Failures.StillUnderWay(tool.Description), Attempts: 0);
            }
            else if (!knowsKeys && !request.Again)
            {
                return new ToolReport(Failures.Interrupted(tool.Description), Attempts: 0);
            }
            else if (await calls.TakeOverAsync(call, first.Claim, claim, cancellationToken))
            {
                return null;
            }
        }

        return null;
    }

    private async Task<bool> EndsAsync(Task other, TimeSpan within, CancellationToken cancellationToken)
    {
        try
        {
            await other.WaitAsync(within > TimeSpan.Zero ? within : TimeSpan.Zero, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
