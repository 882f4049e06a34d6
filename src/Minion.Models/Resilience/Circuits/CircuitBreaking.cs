using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Minion.Models.Pipeline;

namespace Minion.Models.Resilience;

/// <summary>Sends nothing to a model that keeps failing, until one call that tries it succeeds; learns from each attempt how the model does.</summary>
internal sealed class CircuitBreaking(Upstreams upstreams, TimeProvider time) : IChatStage
{
    private static readonly TimeSpan UnusableFor = TimeSpan.FromMinutes(1);

    public async IAsyncEnumerable<ChatResponseUpdate> InvokeAsync(
        ChatRequest request, NextStage next, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var circuit = upstreams.Of(request.Definition, request.Call.Caller.Tenant);
        if (!circuit.TryEnter(out var entry, out var wait))
        {
            throw new ModelException(
                ModelErrorKind.Unavailable,
                $"{request.Definition.Described()} keeps failing, and is not called for another {Math.Ceiling(wait.TotalSeconds):0} s.",
                "Wait, name another model, or give this one a list of others that take its place (failover).",
                wait);
        }

        var started = time.GetTimestamp();
        TimeSpan? firstPart = null;
        var ended = false;
        try
        {
            await using var answer = next(request, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await MoveNextAsync())
            {
                firstPart ??= answer.Current.Contents.Count > 0 ? time.GetElapsedTime(started) : null;
                yield return answer.Current;
            }

            ended = true;
            entry.Succeeded(firstPart);

            async ValueTask<bool> MoveNextAsync()
            {
                try
                {
                    return await answer.MoveNextAsync();
                }
                catch (ModelException error)
                {
                    ended = true;
                    Learn(error);
                    throw;
                }
            }
        }
        finally
        {
            if (!ended)
            {
                entry.SaysNothing(firstPart);
            }
        }

        void Learn(ModelException error)
        {
            if (error.Retryable)
            {
                entry.Failed(firstPart);
                return;
            }

            entry.SaysNothing(firstPart);
            if (error.Kind is ModelErrorKind.BadKey or ModelErrorKind.UnknownModel or ModelErrorKind.WrongEndpoint)
            {
                circuit.Unusable(UnusableFor);
            }
        }
    }
}
