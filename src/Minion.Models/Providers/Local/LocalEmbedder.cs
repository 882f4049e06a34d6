using Microsoft.Extensions.AI;

namespace Minion.Models.Providers.Local;

/// <summary>Embeds with <see cref="HashedText"/>.</summary>
internal sealed class LocalEmbedder : IEmbeddingGenerator<string, Embedding<float>>
{
    private const int Fewest = 16;
    private const int Most = 4096;

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var dimensions = options?.Dimensions ?? HashedText.Dimensions;
        if (dimensions is < Fewest or > Most)
        {
            throw new ModelException(
                ModelErrorKind.InvalidRequest, $"The provider local has no embeddings with {dimensions} dimensions.", $"Ask for {Fewest} to {Most}; {HashedText.Dimensions} unless given.");
        }

        var texts = values as IReadOnlyCollection<string> ?? [.. values];
        var embeddings = new GeneratedEmbeddings<Embedding<float>>(texts.Count);
        long tokens = 0;
        foreach (var text in texts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            embeddings.Add(new Embedding<float>(HashedText.Embed(text, dimensions)) { ModelId = HashedText.Name });
            tokens += TokenEstimate.OfLength(text.Length);
        }

        embeddings.Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens };
        return Task.FromResult(embeddings);
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // Holds nothing.
    }
}
