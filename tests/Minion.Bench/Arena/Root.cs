namespace Minion.Bench.Arena;

/// <summary>The repository, and the programs that were built in it.</summary>
internal static class Root
{
    public static string Folder { get; } = Find();

    public static string Server => Program("Minion.Server");

    /// <summary>This very program.</summary>
    public static string Bench => Program("Minion.Bench");

    public static string CommandLine => Path.Combine(Folder, "minion");

    private static string Program(string name)
    {
        var path = Path.Combine(Folder, "artifacts", "bin", name, "release", name);
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} is not there. ./bench builds it.");
    }

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Minion.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Minion.sln is in no folder above the program.");
    }
}
