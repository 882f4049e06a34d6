using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Minion.Models.Pipeline;

/// <summary>Ends an attempt whose stream falls silent, before its first part or between two; the caller's own pauses do not count.</summary>
internal sealed class IdleTimeout(TimeProvider time) : IChatStage
{
    public static readonly TimeSpan Default = TimeSpan.FromMinutes(1);

    public IAsyncEnumerable<ChatResponseUpdate> InvokeAsync(ChatRequest request, NextStage next, CancellationToken cancellationToken) =>
        request.Streamed ? WatchAsync(request, next, cancellationToken) : next(request, cancellationToken);

    private async IAsyncEnumerable<ChatResponseUpdate> WatchAsync(
        ChatRequest request, NextStage next, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var limit = request.Definition.IdleTimeout ?? Default;
        using var timer = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        await using var answer = next(request, either.Token).GetAsyncEnumerator(either.Token);
        var parts = 0;
        while (await MoveNextAsync())
        {
            parts++;
            yield return answer.Current;
        }

        async ValueTask<bool> MoveNextAsync()
        {
            timer.CancelAfter(limit);
            try
            {
                return await answer.MoveNextAsync();
            }
            catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                var when = parts == 0 ? "did not begin to answer" : "stopped in the middle of its answer and sent nothing";
                throw new ModelException(
                    ModelErrorKind.TimedOut,
                    $"{request.Definition.Described()} {when} for {limit.TotalSeconds:0.###} s.",
                    "Check that the endpoint is not overloaded; a model that thinks long before it answers needs a higher idle_timeout.");
            }
            finally
            {
                timer.CancelAfter(Timeout.InfiniteTimeSpan);
            }
        }
    }
}
