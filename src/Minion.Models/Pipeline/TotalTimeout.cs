using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Minion.Models.Pipeline;

/// <summary>Ends a call with all its attempts after the definition's timeout, or at the caller's deadline when that is earlier.</summary>
internal sealed class TotalTimeout(TimeProvider time) : IChatStage
{
    public static readonly TimeSpan Default = TimeSpan.FromMinutes(5);

    /// <summary>The longest that a definition may ask for.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public static ModelException DeadlinePassed(ChatRequest request) =>
        new(ModelErrorKind.TimedOut, $"{request.Definition.Described()} did not finish before the caller's deadline.", "Give the run more time, or use a faster model.");

    public async IAsyncEnumerable<ChatResponseUpdate> InvokeAsync(
        ChatRequest request, NextStage next, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var limit = request.Definition.Timeout ?? Default;
        var left = request.Call.Deadline - time.GetUtcNow();
        var deadlineFirst = left < limit;
        if (deadlineFirst)
        {
            limit = left!.Value;
        }

        if (limit <= TimeSpan.Zero)
        {
            throw TimedOut(request, deadlineFirst);
        }

        using var timer = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        await using var answer = next(request with { Deadline = time.GetUtcNow() + limit }, either.Token).GetAsyncEnumerator(either.Token);
        while (await MoveNextAsync())
        {
            yield return answer.Current;
        }

        async ValueTask<bool> MoveNextAsync()
        {
            try
            {
                return await answer.MoveNextAsync();
            }
            catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw TimedOut(request, deadlineFirst);
            }
        }
    }

    private static ModelException TimedOut(ChatRequest request, bool deadlineFirst) => deadlineFirst
        ? DeadlinePassed(request)
        : new(
            ModelErrorKind.TimedOut,
            $"{request.Definition.Described()} did not finish within {(request.Definition.Timeout ?? Default).TotalSeconds:0.###} s.",
            "Check that the endpoint is not overloaded, use a faster model, or raise the model's timeout.");
}
