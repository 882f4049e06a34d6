using System.Text.RegularExpressions;
using Minion.Tools.BuiltIn.Files;

namespace Minion.Tools.Context;

/// <summary>
/// Tells those parts of a folder's documents that go best with what is asked. Source of the order: Okapi BM25 (Robertson and Zaragoza, 2009) with
/// k1 = 1.2 and b = 0.75.
/// </summary>
internal sealed partial class DocumentationProvider(ContextFolders folders)
{
    private const int LargestFile = 1024 * 1024;
    private const int MostFiles = 2_000;
    private const int MostPieces = 60;
    private const int LongestPiece = 2_400;

    private static readonly string[] Kinds = [".md", ".markdown", ".txt", ".rst", ".adoc"];

    public Task<ContextSection> TellAsync(string folder, string tenant, string query, CancellationToken cancellationToken)
    {
        var path = folders.PathOf(folder, tenant);
        return Task.Run(() => Tell(folder, path, query, cancellationToken), cancellationToken);
    }

    private static ContextSection Tell(string name, string path, string query, CancellationToken cancellationToken)
    {
        using var folder = RootedFolder.Open(path);
        var parts = ContextFolders.Files(folder, cancellationToken)
            .Where(file => Kinds.Contains(Path.GetExtension(file.Path.Name), StringComparer.OrdinalIgnoreCase))
            .Take(MostFiles)
            .SelectMany(file => Parts(file.Path.ToString(), ContextFolders.TextOf(folder, file, LargestFile) ?? ""))
            .ToList();
        var words = QueryWords.Of(query);
        var found = words.Count == 0 ? [] : Best(parts, words);
        return found.Count > 0
            ? new ContextSection($"From the documents in '{name}', what goes best with the task:", found)
            : new ContextSection($"The documents in '{name}':", [.. parts.Select(part => part.File).Distinct(StringComparer.Ordinal).Take(MostPieces)]);
    }

    /// <summary>A document's parts, each under its heading; long ones are divided between paragraphs.</summary>
    internal static IEnumerable<(string File, string Heading, string Text)> Parts(string file, string text)
    {
        var heading = "";
        foreach (var part in Headings().Split(text.ReplaceLineEndings("\n")))
        {
            var trimmed = part.Trim();
            if (trimmed.Length == 0)
            {
                continue;
            }

            var line = trimmed.Split('\n', 2)[0];
            heading = line.StartsWith('#') ? line.TrimStart('#', ' ') : heading;
            for (var start = 0; start < trimmed.Length;)
            {
                var length = Math.Min(LongestPiece, trimmed.Length - start);
                if (start + length < trimmed.Length && trimmed.LastIndexOf("\n\n", start + length - 1, length, StringComparison.Ordinal) is var end && end > start)
                {
                    length = end - start;
                }

                yield return (file, heading, trimmed.Substring(start, length).Trim());
                start += length;
            }
        }
    }

    private static List<string> Best(List<(string File, string Heading, string Text)> parts, HashSet<string> words)
    {
        var counted = parts.ConvertAll(part => QueryWords.In(part.File + " " + part.Heading + " " + part.Text)
            .GroupBy(word => word, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal));
        var average = counted.Count == 0 ? 1 : Math.Max(1, counted.Average(count => count.Values.Sum()));
        var weights = words.ToDictionary(
            word => word,
            word => Math.Log(1 + ((counted.Count - counted.Count(count => count.ContainsKey(word)) + 0.5) / (counted.Count(count => count.ContainsKey(word)) + 0.5))),
            StringComparer.Ordinal);
        return [.. parts.Select((part, i) => (part, score: Score(counted[i], weights, average)))
            .Where(scored => scored.score > 0)
            .OrderByDescending(scored => scored.score).ThenBy(scored => scored.part.File, StringComparer.Ordinal)
            .Take(MostPieces)
            .Select(scored => $"[{scored.part.File}]\n{scored.part.Text}")];
    }

    private static double Score(Dictionary<string, int> counts, Dictionary<string, double> weights, double average)
    {
        var length = counts.Values.Sum();
        return weights.Sum(weight => counts.TryGetValue(weight.Key, out var count)
            ? weight.Value * count * 2.2 / (count + (1.2 * (0.25 + (0.75 * length / average))))
            : 0);
    }

    [GeneratedRegex(@"^(?=#{1,6} )", RegexOptions.Multiline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Headings();
}
