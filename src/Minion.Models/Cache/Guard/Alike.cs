using System.Text.RegularExpressions;

namespace Minion.Models.Cache;

/// <summary>How alike two texts look, letter by letter and sign by sign.</summary>
internal static partial class Alike
{
    private const double SameWord = 0.5;

    /// <summary>Two forms or spellings of one word, by the pairs of letters that they share (Dice 1945).</summary>
    public static bool Words(string a, string b)
    {
        if (a.Length < 4 || b.Length < 4)
        {
            return false;
        }

        var (x, y) = (Grams(a), Grams(b));
        return 2.0 * x.Count(y.Contains) / (x.Count + y.Count) > SameWord;
    }

    /// <summary>The share of tokens that two texts have in common, capitals and signs included, 0 to 1 (Jaccard 1901).</summary>
    public static double Texts(string a, string b)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var all = 0;
        foreach (Match token in Token.Matches(a))
        {
            counts[token.Value] = counts.GetValueOrDefault(token.Value) + 1;
            all++;
        }

        var common = 0;
        foreach (Match token in Token.Matches(b))
        {
            if (counts.TryGetValue(token.Value, out var left) && left > 0)
            {
                counts[token.Value] = left - 1;
                common++;
            }
            else
            {
                all++;
            }
        }

        return all == 0 ? 1 : (double)common / all;
    }

    private static HashSet<string> Grams(string word)
    {
        var marked = $"<{word}>";
        return [.. Enumerable.Range(0, marked.Length - 2).Select(i => marked.Substring(i, 3))];
    }

    [GeneratedRegex(@"\w+|[^\w\s]", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Token { get; }
}
