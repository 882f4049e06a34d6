namespace Minion.Models;

/// <summary>How much a model can do, and mostly what it costs: what routing climbs.</summary>
public enum ModelTier
{
    /// <summary><c>local-small</c>: small talk, extraction, classification.</summary>
    LocalSmall = 1,

    /// <summary><c>moderate</c>: everyday questions and tool use.</summary>
    Moderate,

    /// <summary><c>complex</c>: code, several steps, long texts.</summary>
    Complex,

    /// <summary><c>expert</c>: the hardest reasoning.</summary>
    Expert,
}

/// <summary>The tiers' names, as files, requests and answers write them.</summary>
public static class ModelTiers
{
    /// <summary>All names, from the smallest tier.</summary>
    public static IReadOnlyList<string> Names { get; } = ["local-small", "moderate", "complex", "expert"];

    /// <summary>The tier's name.</summary>
    public static string Name(this ModelTier tier) => Names[(int)tier - 1];

    /// <summary>The tier of a name; null when there is none.</summary>
    public static ModelTier? Find(string name) => Names.Index().Where(n => n.Item == name).Select(n => (ModelTier?)(n.Index + 1)).FirstOrDefault();
}
