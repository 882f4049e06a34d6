using Microsoft.Extensions.AI;
using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.Gemini;

/// <summary>Gemini's own API (https://ai.google.dev/api).</summary>
internal sealed class GeminiProvider : IModelProvider
{
    private static readonly Vendor Vendor = new(ModelProviders.Gemini, "https://generativelanguage.googleapis.com/v1beta", NeedsKey: true, "gemini-2.5-flash");

    /// <summary>The most texts in one batchEmbedContents.</summary>
    public int EmbeddingBatch => 100;

    public IEnumerable<(string Path, string Message)> Validate(ModelDefinition definition) => Vendor.Validate(definition);

    public IChatClient Create(ModelDefinition definition, ProviderServices services) =>
        new GeminiChatClient(Vendor.Complete(definition, services.Variable), services);

    public IEmbeddingGenerator<string, Embedding<float>> CreateEmbedder(ModelDefinition definition, ProviderServices services) =>
        new GeminiEmbedder(Vendor.Complete(definition, services.Variable), services);
}
