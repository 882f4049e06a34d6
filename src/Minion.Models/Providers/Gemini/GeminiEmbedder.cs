using Microsoft.Extensions.AI;
using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.Gemini;

/// <summary><c>batchEmbedContents</c> (https://ai.google.dev/api/embeddings). It counts no tokens.</summary>
internal sealed class GeminiEmbedder(ModelDefinition definition, ProviderServices services) : Embedder
{
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var texts = values.ToList();
        var endpoint = new Endpoint(definition, services, GeminiErrors.Judge);
        var request = JsonRequest.Post(
            GeminiEndpoint.Method(definition, "batchEmbedContents"),
            (Model: GeminiEndpoint.Resource(definition), texts, options),
            static (writer, call) =>
            {
                writer.WriteStartArray("requests");
                foreach (var text in call.texts)
                {
                    writer.WriteStartObject();
                    writer.WriteString("model", call.Model);
                    writer.WriteStartObject("content");
                    writer.WriteStartArray("parts");
                    writer.WriteStartObject();
                    writer.WriteString("text", text);
                    writer.WriteEndObject();
                    writer.WriteEndArray();
                    writer.WriteEndObject();
                    writer.WriteGiven("outputDimensionality", (long?)call.options?.Dimensions);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            });
        using var document = await AskAsync(endpoint, GeminiEndpoint.WithKey(request, endpoint), cancellationToken);
        var json = document.RootElement;
        if (json.Member("error") is not null)
        {
            throw endpoint.Failed(ErrorBody.From(json));
        }

        var vectors = new ReadOnlyMemory<float>[texts.Count];
        foreach (var (index, embedding) in json.Items("embeddings").Take(texts.Count).Index())
        {
            vectors[index] = Vectors.Read(endpoint, embedding.Member("values"));
        }

        return Vectors.Collect(endpoint, vectors, definition.Model, json.Member("usageMetadata")?.Count("promptTokenCount"));
    }
}
