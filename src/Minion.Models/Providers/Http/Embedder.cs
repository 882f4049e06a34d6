using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Minion.Models.Providers.Http;

/// <summary>One attempt at the embeddings of some texts.</summary>
internal abstract class Embedder : IEmbeddingGenerator<string, Embedding<float>>
{
    public abstract Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default);

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // The connections outlive a call.
    }

    /// <summary>Sends a request and reads the JSON that answers it.</summary>
    protected static async Task<JsonDocument> AskAsync(Endpoint endpoint, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var exchange = await HttpExchange.SendAsync(endpoint, request, cancellationToken);
        try
        {
            return await WholeBody.ParseAsync(endpoint, exchange.Body, cancellationToken);
        }
        catch (Exception error)
        {
            if (Failures.Explain(endpoint, error, cancellationToken) is { } explained)
            {
                throw explained;
            }

            throw;
        }
    }
}
