using System.Text.Json;

namespace Minion.Tools.Policies;

/// <summary>The rule <c>path under …</c>: by the text of the path alone. Links are the affair of the tool, which opens the file.</summary>
internal static class PathRules
{
    public static Verdict Under(JsonElement value, IReadOnlyList<string> roots)
    {
        if (value.ValueKind != JsonValueKind.String || Parts(value.GetString()!) is not { } path)
        {
            return Verdict.Unknown;
        }

        return VerdictLogic.Of(roots.Any(root => Parts(root) is { } above && IsUnder(path, above)));
    }

    private static bool IsUnder((bool Rooted, List<string> Names) path, (bool Rooted, List<string> Names) root) =>
        path.Rooted == root.Rooted && path.Names.Count >= root.Names.Count && root.Names.SequenceEqual(path.Names.Take(root.Names.Count), StringComparer.Ordinal);

    /// <summary>Null when it leads above where it starts, or is no path that means the same everywhere.</summary>
    private static (bool Rooted, List<string> Names)? Parts(string path)
    {
        if (path.Length == 0 || path.Any(char.IsControl) || path.Contains('\\', StringComparison.Ordinal) || path[0] == '~' || (path.Length > 1 && path[1] == ':'))
        {
            return null;
        }

        var names = new List<string>();
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (name == ".." && names.Count == 0)
            {
                return null;
            }

            if (name == "..")
            {
                names.RemoveAt(names.Count - 1);
            }
            else if (name != ".")
            {
                names.Add(name);
            }
        }

        return (path[0] == '/', names);
    }
}
