namespace Minion.Models;

/// <summary>The catalog as it was when it was read; never changes.</summary>
public sealed class CatalogSnapshot
{
    private readonly Dictionary<string, CatalogModel> _byName;
    private readonly ILookup<ModelTier?, CatalogModel> _byTier;

    internal CatalogSnapshot(DateOnly asOf, IReadOnlyList<CatalogModel> models, IReadOnlyDictionary<string, decimal> tools)
    {
        AsOf = asOf;
        All = models;
        Tools = tools;
        _byName = models.ToDictionary(m => m.Name);
        _byTier = models.ToLookup(m => m.Tier);
    }

    /// <summary>The day of the shipped prices.</summary>
    public DateOnly AsOf { get; }

    /// <summary>All models, in the order of the files.</summary>
    public IReadOnlyList<CatalogModel> All { get; }

    /// <summary>What one call of a tool costs, in USD, by the tool's name; those that cost nothing are not in it.</summary>
    public IReadOnlyDictionary<string, decimal> Tools { get; }

    /// <summary>The model called <paramref name="name"/> (<c>provider/model</c>); null when there is none.</summary>
    public CatalogModel? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The models of a tier, in the order of the files.</summary>
    public IEnumerable<CatalogModel> InTier(ModelTier tier) => _byTier[tier];
}
