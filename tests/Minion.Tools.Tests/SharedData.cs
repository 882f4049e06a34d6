namespace Minion.Tools.Tests;

/// <summary>Public data sets, read where they stand: <c>MINION_DATA</c>, or <c>../shared/data</c> beside the repository.</summary>
internal static class SharedData
{
    /// <summary>The path of a file or folder in the data; skips the test with the reason where it is absent.</summary>
    public static string PathOf(string relative)
    {
        var path = Path.Combine(Root(), relative);
        Assert.SkipUnless(Path.Exists(path), $"There is no {relative} in the shared data; set MINION_DATA to its folder.");
        return path;
    }

    private static string Root()
    {
        if (Environment.GetEnvironmentVariable("MINION_DATA") is { Length: > 0 } configured)
        {
            return configured;
        }

        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Minion.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? AppContext.BaseDirectory, "..", "shared", "data");
    }
}
