using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.OpenAiCompatible;

/// <summary><c>POST /embeddings</c> (https://platform.openai.com/docs/api-reference/embeddings/create).</summary>
internal sealed class OpenAiEmbedder(ModelDefinition definition, ProviderServices services, Dialect dialect) : Embedder
{
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var texts = values.ToList();
        var endpoint = new Endpoint(definition, services, dialect.Judge);
        var request = JsonRequest.Post(Addresses.Below(definition.Url!, "/embeddings"), (definition, texts, options, dialect), Write);
        using var document = await AskAsync(endpoint, Authorization.Bearer(request, endpoint), cancellationToken);
        var json = document.RootElement;
        if (json.Member("error") is not null)
        {
            throw endpoint.Failed(ErrorBody.From(json));
        }

        var vectors = new ReadOnlyMemory<float>[texts.Count];
        var position = 0;
        foreach (var item in json.Items("data"))
        {
            var index = item.Count("index") ?? position;
            position++;
            if (index >= 0 && index < vectors.Length)
            {
                vectors[index] = Vectors.Read(endpoint, item.Member("embedding"));
            }
        }

        var usage = json.Member("usage");
        return Vectors.Collect(endpoint, vectors, json.Text("model"), usage?.Count("prompt_tokens") ?? usage?.Count("total_tokens"));
    }

    private static void Write(Utf8JsonWriter writer, (ModelDefinition Definition, List<string> Texts, EmbeddingGenerationOptions? Options, Dialect Dialect) call)
    {
        writer.WriteString("model", call.Definition.Model);
        writer.WriteGiven("input", call.Texts);
        writer.WriteGiven(call.Dialect.Dimensions, (long?)call.Options?.Dimensions);
        if (call.Dialect.Base64)
        {
            writer.WriteString("encoding_format", "base64");
        }
    }
}
