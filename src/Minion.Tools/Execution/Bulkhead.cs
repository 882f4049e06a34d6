namespace Minion.Tools.Execution;

/// <summary>
/// Lets so many calls of one tool run at a time; a bounded number waits, each for at most the tool's timeout. A place is given
/// back when the tool has really ended, so that one that never returns runs out of places instead of the process out of threads.
/// </summary>
internal sealed class Bulkhead(ToolPolicy policy, TimeProvider time) : IDisposable
{
    private const int WaitingForEachPlace = 16;

    private readonly SemaphoreSlim _places = new(policy.Concurrency);
    private int _waiting;

    /// <summary>Whether there was a place in time.</summary>
    public ValueTask<bool> EnterAsync(CancellationToken cancellationToken) =>
        _places.Wait(0, CancellationToken.None) ? new ValueTask<bool>(result: true) : WaitAsync(cancellationToken);

    public void Leave() => _places.Release();

    public void Dispose() => _places.Dispose();

    private async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > policy.Concurrency * WaitingForEachPlace)
            {
                return false;
            }

            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await using var timer = time.CreateTimer(_ => limit.Cancel(), state: null, policy.Timeout, Timeout.InfiniteTimeSpan);
            await _places.WaitAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
