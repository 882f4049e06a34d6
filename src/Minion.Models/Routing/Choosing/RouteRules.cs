using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Minion.Models.Routing;

/// <summary>Which rule of a router holds for a request. Patterns run in time linear to the text; a text is read as far as the classifier reads it.</summary>
internal static class RouteRules
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;
    private const int MostPatterns = 1_000;
    private static readonly ConcurrentDictionary<string, Regex> Patterns = new(StringComparer.Ordinal);

    public static RouteRule? Find(IReadOnlyList<RouteRule> rules, string question, RequestShape shape, string? agent) =>
        rules.FirstOrDefault(r =>
            (r.MinTokens is not { } least || shape.Tokens >= least)
            && (r.MaxTokens is not { } most || shape.Tokens <= most)
            && (r.MinTools is not { } tools || shape.Tools >= tools)
            && (r.Agent is null || r.Agent == agent)
            && (r.Json is not { } json || shape.WantsJson == json)
            && (r.Match is null || Pattern(r.Match).IsMatch(question.AsSpan(0, Math.Min(question.Length, TextFeatures.MostCharacters)))));

    /// <summary>What is wrong with a pattern; null when nothing is.</summary>
    public static string? Check(string pattern)
    {
        try
        {
            _ = new Regex(pattern, Options);
            return null;
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return $"is no pattern that can be used here: {Texts.Shorten(error.Message, 200)}";
        }
    }

    private static Regex Pattern(string pattern)
    {
        if (Patterns.Count > MostPatterns)
        {
            Patterns.Clear();
        }

        return Patterns.GetOrAdd(pattern, static p => new Regex(p, Options));
    }
}
