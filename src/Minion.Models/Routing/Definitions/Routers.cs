namespace Minion.Models;

/// <summary>The routers that exist without being declared.</summary>
public static class Routers
{
    /// <summary>Routes over all models whose keys the server has.</summary>
    public const string Auto = "auto";

    private static readonly Dictionary<string, ModelDefinition> All = ModelTiers.Names.Prepend(Auto).ToDictionary(n => n, Make);

    /// <summary><c>auto</c>, and each tier's name: the cheapest model of at least that tier.</summary>
    public static IReadOnlyCollection<string> Names => All.Keys;

    /// <summary>The router of that name; null when there is none.</summary>
    public static ModelDefinition? Find(string name) => All.GetValueOrDefault(name);

    private static ModelDefinition Make(string name) => new()
    {
        Name = name,
        Provider = ModelProviders.Router,
        Route = new RouteDefinition { Tier = name == Auto ? null : name },
    };
}
