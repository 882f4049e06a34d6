namespace Minion.Models;

internal static class Texts
{
    /// <summary>At most <paramref name="length"/> characters, without control characters: fit for a message to a person.</summary>
    public static string Shorten(string text, int length = 80)
    {
        var line = string.Concat(text.Take(length + 1).Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return line.Length <= length ? line : line[..length] + "…";
    }

    /// <summary><c> (did you mean 'x'?)</c> for the candidate that is at most two edits away, else nothing.</summary>
    public static string Nearest(string given, IEnumerable<string> candidates)
    {
        var nearest = candidates.Select(c => (Name: c, Distance: Distance(given, c))).OrderBy(c => c.Distance).FirstOrDefault();
        return nearest.Name is not null && nearest.Distance <= Math.Max(2, nearest.Name.Length / 3) ? $" (did you mean '{nearest.Name}'?)" : "";
    }

    /// <summary>Levenshtein's edit distance; texts over 64 characters count as far apart.</summary>
    private static int Distance(string a, string b)
    {
        if (a.Length > 64 || b.Length > 64)
        {
            return int.MaxValue;
        }

        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? diagonal : 1 + Math.Min(diagonal, Math.Min(row[j], row[j - 1]));
                diagonal = row[j];
                row[j] = cost;
            }
        }

        return row[b.Length];
    }
}
