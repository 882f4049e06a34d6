namespace Minion.Tools.Sandboxes.Bubblewrap;

/// <summary>Finds programs of this machine, and says which of them a sandbox can see.</summary>
internal static class Programs
{
    private static readonly string[] Places = ["/usr/bin", "/usr/local/bin", "/bin", "/usr/sbin", "/sbin"];

    /// <summary>Where the program lies; null when it is nowhere.</summary>
    public static string? Find(string name) => Places.Concat(Path()).Select(folder => System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Where a program lies that can be seen within <paramref name="folders"/>, links followed; null when there is none.</summary>
    public static string? FindWithin(string name, IReadOnlyCollection<string> folders) =>
        Places.Concat(Path()).Select(folder => System.IO.Path.Combine(folder, name))
            .Where(File.Exists)
            .FirstOrDefault(path => Within(path, folders) && Within(Target(path), folders));

    /// <summary>The file that a path leads to in the end.</summary>
    public static string Target(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    private static bool Within(string path, IReadOnlyCollection<string> folders) =>
        folders.Any(folder => path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal));

    private static IEnumerable<string> Path() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Where(folder => folder.StartsWith('/') && !folder.Contains("/shims", StringComparison.Ordinal));
}
