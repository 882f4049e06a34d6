namespace Minion.Models;

/// <summary>A model that the gateway knows: where it is, what it can do, and what it costs.</summary>
public sealed record CatalogModel
{
    /// <summary><c>provider/model</c>, for example <c>openai/gpt-5-mini</c>: how requests name it.</summary>
    public string Name => $"{Provider}/{Model}";

    /// <summary>One of <see cref="CatalogProviders.Names"/>.</summary>
    public required string Provider { get; init; }

    /// <summary>The model's name at its provider.</summary>
    public required string Model { get; init; }

    /// <summary>Input and output together, in tokens.</summary>
    public required long ContextWindow { get; init; }

    /// <summary>The longest answer, in tokens; 0 for a model that gives embeddings.</summary>
    public required long MaxOutput { get; init; }

    /// <summary>USD for a million tokens.</summary>
    public required ModelPrice Price { get; init; }

    /// <summary>Some of <see cref="ModelCapabilities.Names"/>.</summary>
    public required IReadOnlySet<string> Capabilities { get; init; }

    /// <summary>Its tier; null for a model that gives embeddings.</summary>
    public required ModelTier? Tier { get; init; }

    /// <summary>Names of the models that may answer in its place, best first.</summary>
    public required IReadOnlyList<string> Failover { get; init; }

    /// <summary>Whether it has a capability.</summary>
    public bool Can(string capability) => Capabilities.Contains(capability);

    /// <summary>
    /// How it is reached: its provider at the provider's own address, with the key in <c>{PROVIDER}_API_KEY</c> of the server's
    /// environment; a provider that asks for none has none.
    /// </summary>
    public ModelDefinition ToDefinition() => new()
    {
        Name = Name,
        Provider = Provider,
        Model = Model,
        ApiKeyVariable = CatalogProviders.KeyVariable(Provider),
        ContextWindow = ContextWindow,
        MaxOutput = MaxOutput,
        Price = Price,
    };
}
