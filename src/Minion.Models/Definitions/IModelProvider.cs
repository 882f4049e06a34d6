using Microsoft.Extensions.AI;

namespace Minion.Models;

/// <summary>One way to reach a model.</summary>
internal interface IModelProvider
{
    /// <summary>What is wrong with a definition of this provider beyond what all definitions share.</summary>
    IEnumerable<(string Path, string Message)> Validate(ModelDefinition definition);

    /// <summary>A client for a valid definition. It makes one attempt, and throws a <see cref="ModelException"/> for every failure.</summary>
    IChatClient Create(ModelDefinition definition, ProviderServices services);

    /// <summary>The most texts that <see cref="CreateEmbedder"/>'s generator takes at once.</summary>
    int EmbeddingBatch => 0;

    /// <summary>A generator of embeddings under the same rules; null when the provider has none.</summary>
    IEmbeddingGenerator<string, Embedding<float>>? CreateEmbedder(ModelDefinition definition, ProviderServices services) => null;
}

/// <summary>What providers need of their host.</summary>
/// <param name="Time">The clock.</param>
/// <param name="Variable">Reads an environment variable; keys are read at each call and kept nowhere.</param>
internal sealed record ProviderServices(TimeProvider Time, Func<string, string?> Variable);
