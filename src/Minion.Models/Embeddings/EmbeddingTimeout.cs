using Microsoft.Extensions.AI;

namespace Minion.Models.Embeddings;

/// <summary>Ends a call with all its batches and attempts after the definition's timeout, or at the caller's deadline when that is earlier.</summary>
internal sealed class EmbeddingTimeout(TimeProvider time) : IEmbeddingStage
{
    private static readonly TimeSpan Default = TimeSpan.FromMinutes(5);

    public async Task<GeneratedEmbeddings<Embedding<float>>> InvokeAsync(EmbeddingRequest request, NextEmbeddingStage next, CancellationToken cancellationToken)
    {
        var own = request.Definition.Timeout ?? Default;
        var left = (request.Call.Deadline ?? DateTimeOffset.MaxValue) - time.GetUtcNow();
        var limit = left < own ? left : own;
        if (limit <= TimeSpan.Zero)
        {
            throw TimedOut(request, limit);
        }

        using var timer = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await next(request with { Deadline = time.GetUtcNow() + limit }, either.Token);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw TimedOut(request, limit);
        }
    }

    private static ModelException TimedOut(EmbeddingRequest request, TimeSpan limit) => new(
        ModelErrorKind.TimedOut,
        $"{request.Definition.Described()} did not embed {request.Texts.Count} texts within {Math.Max(0, limit.TotalSeconds):0.###} s.",
        "Embed fewer texts at once, use a faster model, or raise the model's timeout.");
}
