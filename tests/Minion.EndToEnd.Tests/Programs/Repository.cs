namespace Minion.EndToEnd.Tests.Programs;

/// <summary>Where the sources stand that the tests were built from.</summary>
internal static class Repository
{
    public static string Folder(params string[] parts)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Minion.sln")))
        {
            root = root.Parent;
        }

        return Path.Combine([root?.FullName ?? throw new InvalidOperationException("Minion.sln was not found above the tests."), .. parts]);
    }
}
