using Minion.Models.Pipeline;

namespace Minion.Models.Cache;

/// <summary>How long one caller waits for a call that is not his alone.</summary>
internal sealed class CallerDeadline : IDisposable
{
    private readonly CancellationTokenSource? _timer;
    private readonly CancellationTokenSource? _either;
    private readonly CancellationToken _cancellation;

    private CallerDeadline(CancellationTokenSource? timer, CancellationToken cancellationToken)
    {
        _timer = timer;
        _cancellation = cancellationToken;
        _either = timer is null ? null : CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
    }

    public static CallerDeadline Of(ChatRequest request, TimeProvider time, CancellationToken cancellationToken)
    {
        if (request.Call.Deadline is not { } deadline)
        {
            return new CallerDeadline(null, cancellationToken);
        }

        var left = deadline - time.GetUtcNow();
        return left > TimeSpan.Zero
            ? new CallerDeadline(left < TotalTimeout.Longest ? new CancellationTokenSource(left, time) : null, cancellationToken)
            : throw TotalTimeout.DeadlinePassed(request);
    }

    public async ValueTask WaitAsync(Task task, ChatRequest request)
    {
        try
        {
            await task.WaitAsync(_either?.Token ?? _cancellation);
        }
        catch (OperationCanceledException) when (!_cancellation.IsCancellationRequested)
        {
            throw TotalTimeout.DeadlinePassed(request);
        }
    }

    public void Dispose()
    {
        _either?.Dispose();
        _timer?.Dispose();
    }
}
