namespace Minion.Tools.Registry;

/// <summary>Patterns in which * stands for any characters.</summary>
internal static class Wildcards
{
    public static bool Fit(string pattern, string text)
    {
        // Greedy with one place to go back to: time is bounded by the product of the lengths.
        var (p, t, star, mark) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, mark) = (p++, t);
            }
            else if (p < pattern.Length && pattern[p] == text[t])
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++mark;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }

    public static bool FitAny(IEnumerable<string> patterns, string text) => patterns.Any(pattern => Fit(pattern, text));

    /// <summary>How exact a pattern is: those without wildcards first, then by what they say literally.</summary>
    public static int Exactness(string pattern) => pattern.Contains('*', StringComparison.Ordinal) ? pattern.Count(c => c != '*') : int.MaxValue;
}
