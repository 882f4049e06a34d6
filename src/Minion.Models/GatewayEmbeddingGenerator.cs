using Microsoft.Extensions.AI;
using Minion.Models.Embeddings;

namespace Minion.Models;

/// <summary>The pipeline of embeddings as a generator, for one model and one caller.</summary>
internal sealed class GatewayEmbeddingGenerator(EmbeddingPipeline pipeline, ModelDefinition definition, ModelCall call) : IEmbeddingGenerator<string, Embedding<float>>
{
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return pipeline.RunAsync(new EmbeddingRequest([.. values], options, definition, call, DateTimeOffset.MaxValue), cancellationToken);
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // It holds nothing: connections are the providers' own, and stay.
    }
}
