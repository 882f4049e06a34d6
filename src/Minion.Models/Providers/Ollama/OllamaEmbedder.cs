using Microsoft.Extensions.AI;
using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.Ollama;

/// <summary><c>POST /api/embed</c>.</summary>
internal sealed class OllamaEmbedder(ModelDefinition definition, ProviderServices services) : Embedder
{
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var texts = values.ToList();
        var endpoint = new Endpoint(definition, services, OllamaErrors.Judge);
        var request = JsonRequest.Post(Addresses.Below(definition.Url!, "/api/embed"), (definition.Model, texts, options), static (writer, call) =>
        {
            writer.WriteString("model", call.Model);
            writer.WriteGiven("input", call.texts);
            writer.WriteGiven("dimensions", (long?)call.options?.Dimensions);
        });
        using var document = await AskAsync(endpoint, Authorization.Bearer(request, endpoint), cancellationToken);
        var json = document.RootElement;
        if (json.Member("error") is not null)
        {
            throw endpoint.Failed(ErrorBody.From(json));
        }

        var vectors = new ReadOnlyMemory<float>[texts.Count];
        foreach (var (index, vector) in json.Items("embeddings").Take(texts.Count).Index())
        {
            vectors[index] = Vectors.Read(endpoint, vector);
        }

        return Vectors.Collect(endpoint, vectors, json.Text("model"), json.Count("prompt_eval_count"));
    }
}
