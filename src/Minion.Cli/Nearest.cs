namespace Minion.Cli;

/// <summary>The nearest name to a misspelt one, by Levenshtein's distance (https://en.wikipedia.org/wiki/Levenshtein_distance).</summary>
internal static class Nearest
{
    /// <summary>Null when none is near: more than a third of the letters differ.</summary>
    public static string? Find(string given, IEnumerable<string> names) => names
        .Select(name => (Name: name, Distance: Distance(given, name)))
        .Where(n => n.Distance <= Math.Max(1, n.Name.Length / 3))
        .OrderBy(n => n.Distance)
        .Select(n => n.Name)
        .FirstOrDefault();

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
