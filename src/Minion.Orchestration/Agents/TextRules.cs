using Google.Protobuf.Collections;
using Minion.Contracts.Faults;
using Minion.Yaml;

namespace Minion.Orchestration.Agents;

/// <summary>What holds for texts that are stored, wherever they come from.</summary>
internal static class TextRules
{
    public const int MostPairs = 64;
    private const int LongestKey = 63;

    /// <summary>1 to 63 lower-case letters, digits and hyphens, starting with a letter.</summary>
    public static bool IsName(string text) =>
        text.Length is >= 1 and <= 63 && char.IsAsciiLetterLower(text[0]) && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    public const string NameForm = "1 to 63 lower-case letters, digits and hyphens, starting with a letter";

    private const int LongestCatalogName = 200;

    /// <summary>A name, or <c>provider/model</c> of the catalog.</summary>
    public static bool IsModel(string text) =>
        IsName(text) || (text.Length <= LongestCatalogName && text.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash && IsName(text[..slash]) && slash < text.Length - 1);

    public static void CheckStorable(string text, string field, Violations violations)
    {
        foreach (var problem in StorableText.Problems(text))
        {
            violations.Add(field, problem);
        }
    }

    public static void CheckText(string text, int longest, string field, Violations violations)
    {
        violations.Check(text.Length <= longest, field, $"has {text.Length:N0} characters; at most {longest:N0} are allowed.");
        CheckStorable(text, field, violations);
    }

    /// <summary>Labels and metadata: keys of 1 to 63 characters, values up to <paramref name="longestValue"/>, at most 64 pairs.</summary>
    public static void CheckPairs(MapField<string, string> pairs, int longestValue, string field, Violations violations)
    {
        violations.Check(pairs.Count <= MostPairs, field, $"has {pairs.Count} entries; at most {MostPairs} are allowed.");
        foreach (var (key, value) in pairs.Take(MostPairs))
        {
            if (violations.Check(key.Length is >= 1 and <= LongestKey, field, $"has a key of {key.Length} characters; 1 to {LongestKey} are allowed."))
            {
                CheckStorable(key, field, violations);
                CheckText(value, longestValue, $"{field}.{key}", violations);
            }
        }
    }
}
