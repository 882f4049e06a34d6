namespace Minion.Tools;

/// <summary>Finds the names that a misspelt one may have meant.</summary>
internal static class Nearest
{
    private const int MaxLength = 200;

    /// <summary>Up to <paramref name="count"/> of <paramref name="names"/>, the nearest first; empty when none is near.</summary>
    public static IReadOnlyList<string> To(string name, IEnumerable<string> names, int count)
    {
        if (name.Length is 0 or > MaxLength)
        {
            return [];
        }

        var farthest = Math.Max(1, (name.Length + 1) / 3);
        return [.. names
            .Select(candidate => (candidate, distance: Distance(name, candidate, farthest)))
            .Where(pair => pair.distance <= farthest)
            .OrderBy(pair => pair.distance).ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .Take(count)
            .Select(pair => pair.candidate)];
    }

    /// <summary>The words "Did you mean …?" for <paramref name="nearest"/>, or nothing.</summary>
    public static string Question(IReadOnlyList<string> nearest) =>
        nearest.Count == 0 ? "" : $"Did you mean {string.Join(" or ", nearest.Select(name => $"'{name}'"))}?";

    private static int Distance(string from, string to, int farthest)
    {
        if (Math.Abs(from.Length - to.Length) > farthest)
        {
            // A part of the name or the name with something around it is near too: "tools.calculator" or "calc".
            return Math.Min(from.Length, to.Length) >= 4
                && (from.Contains(to, StringComparison.OrdinalIgnoreCase) || to.Contains(from, StringComparison.OrdinalIgnoreCase))
                ? farthest
                : int.MaxValue;
        }

        return Levenshtein(from, to);
    }

    /// <summary>Source: V. I. Levenshtein, 1966; two rows of the usual dynamic programme. Case does not count.</summary>
    private static int Levenshtein(string from, string to)
    {
        var previous = Enumerable.Range(0, to.Length + 1).ToArray();
        var current = new int[to.Length + 1];
        for (var i = 1; i <= from.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var cost = char.ToLowerInvariant(from[i - 1]) == char.ToLowerInvariant(to[j - 1]) ? 0 : 1;
                current[j] = Math.Min(Math.Min(previous[j] + 1, current[j - 1] + 1), previous[j - 1] + cost);
            }

            (previous, current) = (current, previous);
        }

        return previous[to.Length];
    }
}
