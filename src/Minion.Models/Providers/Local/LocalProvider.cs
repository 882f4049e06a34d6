using Microsoft.Extensions.AI;

namespace Minion.Models.Providers.Local;

/// <summary>Embeddings without a network and without a model: what memory and the cache fall back on.</summary>
internal sealed class LocalProvider : IModelProvider
{
    public int EmbeddingBatch => 1024;

    public IEnumerable<(string Path, string Message)> Validate(ModelDefinition definition)
    {
        foreach (var (path, given) in new[]
        {
            ("url", definition.Url is not null), ("api_key", definition.ApiKeyVariable is not null), ("script", definition.Script is not null),
        })
        {
            if (given)
            {
                yield return (path, "is not used by the provider local; remove it.");
            }
        }
    }

    public IChatClient Create(ModelDefinition definition, ProviderServices services) => throw new ModelException(
        ModelErrorKind.InvalidRequest, $"{definition.Described()} only embeds texts, it does not chat.", "Give the agent a model that chats.");

    public IEmbeddingGenerator<string, Embedding<float>> CreateEmbedder(ModelDefinition definition, ProviderServices services) => new LocalEmbedder();
}
