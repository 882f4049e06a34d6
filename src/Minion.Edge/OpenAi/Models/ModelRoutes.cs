namespace Minion.Edge.OpenAi.Models;

/// <summary>The names that stand for whatever model fits.</summary>
internal static class ModelRoutes
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Names { get; } = [];
}
