using Microsoft.Extensions.AI;

namespace Minion.Models.Embeddings;

/// <summary>Texts to embed, on their way through the pipeline.</summary>
/// <param name="Texts">The texts.</param>
/// <param name="Options">What the caller asks for.</param>
/// <param name="Definition">The model.</param>
/// <param name="Call">Who calls.</param>
/// <param name="Deadline">When it ends, whatever happens; set by <see cref="EmbeddingTimeout"/>.</param>
internal sealed record EmbeddingRequest(
    IReadOnlyList<string> Texts, EmbeddingGenerationOptions? Options, ModelDefinition Definition, ModelCall Call, DateTimeOffset Deadline)
{
    /// <summary>What becomes of the call; the same one for all stages, batches and attempts.</summary>
    public CallReport Report { get; } = new();
}

/// <summary>The rest of the pipeline.</summary>
internal delegate Task<GeneratedEmbeddings<Embedding<float>>> NextEmbeddingStage(EmbeddingRequest request, CancellationToken cancellationToken);

/// <summary>A stage of the pipeline of embeddings.</summary>
internal interface IEmbeddingStage
{
    Task<GeneratedEmbeddings<Embedding<float>>> InvokeAsync(EmbeddingRequest request, NextEmbeddingStage next, CancellationToken cancellationToken);
}
