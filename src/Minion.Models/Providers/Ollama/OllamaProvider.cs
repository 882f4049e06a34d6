using Microsoft.Extensions.AI;
using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.Ollama;

/// <summary>Ollama's own API (https://docs.ollama.com/api). It asks for no key; one that is set is sent all the same, for what stands before it.</summary>
internal sealed class OllamaProvider : IModelProvider
{
    internal static readonly Vendor Vendor = new(ModelProviders.Ollama, "http://localhost:11434", NeedsKey: false, "qwen3:8b");

    public int EmbeddingBatch => 256;

    public IEnumerable<(string Path, string Message)> Validate(ModelDefinition definition)
    {
        foreach (var problem in Vendor.Validate(definition))
        {
            yield return problem;
        }

        if (Uri.TryCreate(definition.Url, UriKind.Absolute, out var url) && url.AbsolutePath.TrimEnd('/') is "/v1" or "/api")
        {
            yield return ("url", "is the server's address alone, without /v1 or /api: the provider ollama speaks Ollama's own API.");
        }
    }

    public IChatClient Create(ModelDefinition definition, ProviderServices services) =>
        new OllamaChatClient(Vendor.Complete(definition, services.Variable), services);

    public IEmbeddingGenerator<string, Embedding<float>> CreateEmbedder(ModelDefinition definition, ProviderServices services) =>
        new OllamaEmbedder(Vendor.Complete(definition, services.Variable), services);
}
