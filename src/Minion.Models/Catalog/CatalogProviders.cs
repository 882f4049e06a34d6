namespace Minion.Models;

/// <summary>The providers whose models the catalog may name.</summary>
public static class CatalogProviders
{
    private const string Local = "ollama";

    /// <summary>The providers' names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["openai", "anthropic", "gemini", "groq", "mistral", Local];

    /// <summary>The environment variable with the provider's key; null when it asks for none.</summary>
    public static string? KeyVariable(string provider) => provider == Local ? null : $"{provider.ToUpperInvariant()}_API_KEY";
}
