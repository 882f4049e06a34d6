using Microsoft.Extensions.AI;
using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.OpenAiCompatible;

/// <summary>A provider that speaks OpenAI's API in a dialect.</summary>
internal abstract class DialectProvider(Dialect dialect) : IModelProvider
{
    public int EmbeddingBatch => dialect.EmbeddingBatch;

    public virtual IEnumerable<(string Path, string Message)> Validate(ModelDefinition definition) => dialect.Vendor.Validate(definition);

    public IChatClient Create(ModelDefinition definition, ProviderServices services) =>
        new OpenAiChatClient(dialect.Vendor.Complete(definition, services.Variable), services, Of(definition));

    public IEmbeddingGenerator<string, Embedding<float>>? CreateEmbedder(ModelDefinition definition, ProviderServices services) =>
        dialect.EmbeddingBatch == 0 ? null : new OpenAiEmbedder(dialect.Vendor.Complete(definition, services.Variable), services, Of(definition));

    /// <summary>The dialect of one endpoint.</summary>
    protected virtual Dialect Of(ModelDefinition definition) => dialect;
}
