using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Minion.Models.Pipeline;

namespace Minion.Models.Embeddings;

/// <summary>Tries a batch again under the same rules as a chat: <see cref="Backoff"/>, never beyond the deadline.</summary>
internal sealed class EmbeddingRetry(TimeProvider time, ModelOptions options, ILogger logger) : IEmbeddingStage
{
    public async Task<GeneratedEmbeddings<Embedding<float>>> InvokeAsync(EmbeddingRequest request, NextEmbeddingStage next, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await next(request, cancellationToken);
            }
            catch (ModelException error) when (MayTryAgain(error, attempt, request))
            {
                var wait = Backoff.Wait(attempt, error.RetryAfter, Random.Shared.NextDouble());
                LogMessages.Retrying(logger, attempt + 1, wait.TotalSeconds, error.Message);
                await Task.Delay(wait, time, cancellationToken);
            }
        }
    }

    private bool MayTryAgain(ModelException error, int attempt, EmbeddingRequest request) =>
        error.Retryable && attempt < options.MaxRetries && time.GetUtcNow() + Backoff.Longest(attempt, error.RetryAfter) < request.Deadline;
}
