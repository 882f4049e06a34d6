namespace Aspire.Hosting.Dashboard;

internal static class AspireCli
{
    /// <summary>On PATH, else where its installers put it for a user.</summary>
    public static string? Find(string? path, string home) => (path ?? "").Split(Path.PathSeparator)
        .Append(Path.Combine(home, ".aspire", "bin"))
        .Append(Path.Combine(home, ".dotnet", "tools"))
        .Append(Path.Combine(home, ".minion", "tools", "node_modules", ".bin"))
        .Where(folder => folder.Length > 0)
        .Select(folder => Path.Combine(folder, "aspire"))
        .FirstOrDefault(File.Exists);
}
