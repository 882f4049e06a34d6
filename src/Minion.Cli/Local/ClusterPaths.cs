namespace Minion.Cli.Local;

/// <summary>The cluster files that somebody names: files, and folders for all that they have.</summary>
internal static class ClusterPaths
{
    private const int Most = 100;
    private static readonly string[] Endings = [".yaml", ".yml", ".json"];

    /// <exception cref="CliFailure">A folder has none, or there are too many.</exception>
    public static IReadOnlyList<string> Expand(IReadOnlyList<string> given)
    {
        var files = given.SelectMany(path => Directory.Exists(path) ? Within(path) : [path]).Distinct(StringComparer.Ordinal).ToList();
        return files.Count <= Most
            ? files
            : throw new CliFailure(ExitCodes.Usage, "usage", $"These are {files.Count} files; {Most} are applied together at most.", "Apply them in parts.");
    }

    private static List<string> Within(string folder)
    {
        try
        {
            var files = Directory.EnumerateFiles(folder)
                .Where(f => Endings.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase) && Path.GetFileName(f)[0] != '.')
                .Order(StringComparer.Ordinal)
                .ToList();
            return files.Count > 0
                ? files
                : throw new CliFailure(ExitCodes.Usage, "usage", $"The folder '{folder}' has no cluster files (*.yaml, *.yml, *.json).", "Name a file, or another folder.");
        }
        catch (UnauthorizedAccessException error)
        {
            throw new CliFailure(ExitCodes.Usage, "usage", error.Message, "Name a file that you may read.");
        }
    }
}
