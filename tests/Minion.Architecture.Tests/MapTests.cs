using System.Text.RegularExpressions;

namespace Minion.Architecture.Tests;

/// <summary>docs/map.md is what the tree is.</summary>
public sealed class MapTests
{
    private static readonly string Map = Repository.Read("docs/map.md");

    [Fact]
    public void Every_project_is_on_the_map() =>
        Projects().Where(p => !Map.Contains($"`{p}", StringComparison.Ordinal) && !IsTestOfAProject(p)).ShouldBeEmpty();

    [Fact]
    public void Every_folder_of_a_project_is_on_the_map_beside_it()
    {
        var missing = new List<string>();
        foreach (var line in Map.Split('\n').Where(l => l.StartsWith("| `src/", StringComparison.Ordinal) || l.StartsWith("| `Minion.", StringComparison.Ordinal)))
        {
            var folder = line.Split('`')[1];
            missing.AddRange(Directory.EnumerateDirectories(Path.Combine(Repository.Root, folder)).Select(d => Path.GetFileName(d))
                .Where(d => d is not ("bin" or "obj" or "protos" or "Properties"))
                .Where(d => !line.Contains($"`{d}`", StringComparison.Ordinal))
                .Select(d => $"{folder}/{d}"));
        }

        missing.ShouldBeEmpty();
    }

    [Fact]
    public void Every_path_on_the_map_exists()
    {
        var paths = Regex.Matches(Map, "`((?:src|tests|eng|docs|examples|Minion\\.ServiceDefaults|Minion\\.AppHost)[A-Za-z0-9_./-]*)`").Select(m => m.Groups[1].Value);
        paths.Where(p => !Path.Exists(Path.Combine(Repository.Root, p))).ShouldBeEmpty();
    }

    [Fact]
    public void Every_link_of_the_documents_leads_somewhere()
    {
        var broken = new List<string>();
        foreach (var page in Repository.Files("docs", "*.md").Append(Path.Combine(Repository.Root, "README.md")))
        {
            broken.AddRange(Regex.Matches(File.ReadAllText(page), @"\]\((?!https?:|#)([^)#]+)")
                .Select(m => m.Groups[1].Value)
                .Where(link => !Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, link)))
                .Select(link => $"{Path.GetRelativePath(Repository.Root, page)}: {link}"));
        }

        broken.ShouldBeEmpty();
    }

    private static IEnumerable<string> Projects() => Repository.Files("src", "*.csproj")
        .Concat(Repository.Files("tests", "*.csproj"))
        .Concat(Repository.Files("Minion.ServiceDefaults", "*.csproj"))
        .Concat(Repository.Files("Minion.AppHost", "*.csproj"))
        .Select(p => Path.GetRelativePath(Repository.Root, Path.GetDirectoryName(p)!))
        .Select(p => p.StartsWith("tests/", StringComparison.Ordinal) ? p["tests/".Length..] : p);

    private static bool IsTestOfAProject(string name) =>
        name.EndsWith(".Tests", StringComparison.Ordinal)
        && (Directory.Exists(Path.Combine(Repository.Root, "src", name[..^".Tests".Length])) || Directory.Exists(Path.Combine(Repository.Root, name[..^".Tests".Length])));
}
