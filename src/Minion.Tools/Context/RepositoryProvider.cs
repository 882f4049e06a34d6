using System.Globalization;
using Minion.Contracts.Tools.V1;
using Minion.Tools.BuiltIn.Files;

namespace Minion.Tools.Context;

/// <summary>Tells of a folder with source code: its latest changes, its tree, and what its files declare.</summary>
internal sealed class RepositoryProvider(ContextFolders folders)
{
    public const int DefaultChanges = 10;

    private const int LargestFile = 256 * 1024;
    private const int MostRead = 3_000;
    private const int MostSymbolLines = 400;
    private const int MostTreeLines = 300;

    public async Task<ContextSection> TellAsync(RepositoryContext asked, string tenant, string query, CancellationToken cancellationToken)
    {
        var path = folders.PathOf(asked.Folder, tenant);
        var changes = await GitChanges.ReadAsync(path, asked.HasChanges ? asked.Changes : DefaultChanges, cancellationToken);
        return await Task.Run(() => Tell(asked, path, changes, QueryWords.Of(query), cancellationToken), cancellationToken);
    }

    private static ContextSection Tell(
        RepositoryContext asked, string path, IReadOnlyList<GitChanges.Change> changes, HashSet<string> words, CancellationToken cancellationToken)
    {
        using var folder = RootedFolder.Open(path);
        var files = ContextFolders.Files(folder, cancellationToken);
        List<string> pieces = [.. Tree(files)];
        var symbols = asked.HasSymbols && !asked.Symbols ? [] : Symbols(folder, files, changes, words, cancellationToken);
        string[] latest = changes.Count == 0 ? [] : ["Latest changes:", .. changes.Select(change => "  " + change)];

        // The first levels of the tree and some of each come before the rest of any: a small budget still tells of all three.
        return new ContextSection(
            $"The repository '{asked.Folder}': {files.Count.ToString(CultureInfo.InvariantCulture)} files.",
            [.. pieces.Take(20), .. latest.Take(6), .. symbols.Take(15), .. pieces.Skip(20).Take(40), .. latest.Skip(6), .. symbols.Skip(15), .. pieces.Skip(60)]);
    }

    /// <summary>Folders with the number of their files, and the files at the top; the outer ones first.</summary>
    internal static IEnumerable<string> Tree(IReadOnlyList<WalkedEntry> files) =>
        files.SelectMany(file => Enumerable.Range(1, file.Path.Names.Count - 1).Select(depth => string.Join('/', file.Path.Names.Take(depth))))
            .GroupBy(name => name, StringComparer.Ordinal)
            .Select(group => (Name: group.Key, Line: string.Create(CultureInfo.InvariantCulture, $"{group.Key}/ ({group.Count()} files)")))
            .Concat(files.Where(file => file.Path.Names.Count == 1).Select(file => (file.Path.Name, Line: file.Path.Name)))
            .OrderBy(entry => entry.Name.Count(c => c == '/')).ThenBy(entry => entry.Name, StringComparer.Ordinal)
            .Take(MostTreeLines)
            .Select(entry => entry.Line);

    /// <summary>A line for each file that declares something: those that go with the task first, then those that changed lately.</summary>
    private static List<string> Symbols(
        RootedFolder folder, List<WalkedEntry> files, IReadOnlyList<GitChanges.Change> changes, HashSet<string> words, CancellationToken cancellationToken)
    {
        var changed = changes.SelectMany(change => change.Files).ToHashSet(StringComparer.Ordinal);
        var lines = new List<(string Line, int Score, int Depth)>();
        foreach (var file in files.OrderByDescending(file => Fits(file.Path.ToString(), words)).ThenByDescending(file => changed.Contains(file.Path.ToString())).Take(MostRead))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = file.Path.ToString();
            var symbols = ContextFolders.TextOf(folder, file, LargestFile) is { } text ? SourceSymbols.Of(path, text) : [];
            if (symbols.Count > 0)
            {
                var line = $"{path}: {string.Join(", ", symbols)}";
                lines.Add((line, (Fits(line, words) * 2) + (changed.Contains(path) ? 1 : 0), file.Path.Names.Count));
            }
        }

        return [.. lines.OrderByDescending(line => line.Score).ThenBy(line => line.Depth).ThenBy(line => line.Line, StringComparer.Ordinal).Take(MostSymbolLines).Select(line => line.Line)];
    }

    private static int Fits(string text, HashSet<string> words) => words.Count == 0 ? 0 : QueryWords.In(text).Distinct(StringComparer.Ordinal).Count(words.Contains);
}
