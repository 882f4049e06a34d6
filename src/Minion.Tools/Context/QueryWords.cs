using System.Text.RegularExpressions;

namespace Minion.Tools.Context;

/// <summary>The words of a text that may find something: letters and digits, camel case divided, without the commonest.</summary>
internal static partial class QueryWords
{
    private const int Longest = 8_000;

    private static readonly HashSet<string> Common =
    [
        "the", "and", "for", "with", "that", "this", "from", "what", "how", "are", "was", "were", "you", "your", "can", "could", "should", "would",
        "have", "has", "into", "not", "but", "all", "any", "its", "our", "please", "which", "when", "where", "who", "why", "does", "did", "will", "about",
    ];

    public static HashSet<string> Of(string query) => [.. In(query.Length <= Longest ? query : query[..Longest])];

    /// <summary>In order, with repetitions, in lower case.</summary>
    public static IEnumerable<string> In(string text) =>
        Words().Matches(text).Select(match => match.Value.ToLowerInvariant()).Where(word => word.Length > 2 && !Common.Contains(word)).Select(Stem);

    /// <summary>Only what English puts at the end of most words: enough that "refunds" finds "refund".</summary>
    private static string Stem(string word) =>
        word.Length > 5 && word.EndsWith("ing", StringComparison.Ordinal) ? word[..^3]
        : word.Length > 4 && word.EndsWith("es", StringComparison.Ordinal) ? word[..^2]
        : word.Length > 3 && word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal) ? word[..^1]
        : word;

    [GeneratedRegex(@"[\p{Lu}\p{Lt}]?[\p{Ll}\p{Lo}\p{M}]+|[\p{Lu}\p{Lt}]+(?![\p{Ll}])|\d+", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Words();
}
