using Minion.Yaml;

namespace Minion.Models.Catalog;

/// <summary>One model of a file, with what the file says of it; the rest comes from the file below it.</summary>
internal sealed record CatalogEntry(string Provider, string Model, YamlMap Node)
{
    public string Name => $"{Provider}/{Model}";

    public long? ContextWindow { get; init; }

    public long? MaxOutput { get; init; }

    public ModelPrice? Price { get; init; }

    public IReadOnlyList<string>? Capabilities { get; init; }

    public ModelTier? Tier { get; init; }

    public IReadOnlyList<string>? Failover { get; init; }
}

/// <summary>A file of models.</summary>
internal sealed record CatalogFile(DateOnly? AsOf, IReadOnlyList<CatalogEntry> Entries, IReadOnlyDictionary<string, decimal> Tools);
