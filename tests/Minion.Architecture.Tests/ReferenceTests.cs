using System.Xml.Linq;

namespace Minion.Architecture.Tests;

/// <summary>Who may reference whom.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Minion.Contracts"] = [],
        ["Minion.Data"] = ["Minion.Contracts"],
        ["Minion.ServiceDefaults"] = ["Minion.Contracts", "Minion.Data"],
        ["Minion.Yaml"] = [],
        ["Minion.Models"] = ["Minion.Contracts", "Minion.Data", "Minion.ServiceDefaults", "Minion.Yaml"],
        ["Minion.Tools"] = ["Minion.Contracts", "Minion.Data", "Minion.ServiceDefaults", "Minion.Yaml"],
        ["Minion.Orchestration"] = ["Minion.Contracts", "Minion.Data", "Minion.Models", "Minion.ServiceDefaults", "Minion.Yaml"],
        ["Minion.Edge"] = ["Minion.Contracts", "Minion.Models", "Minion.ServiceDefaults"],
        ["Minion.Server"] = ["Minion.Contracts", "Minion.Data", "Minion.Edge", "Minion.Orchestration", "Minion.Tools", "Minion.ServiceDefaults"],
        ["Minion.Cli"] = ["Minion.Contracts"],
        ["Minion.AppHost"] = ["Minion.Server"],
    };

    public static TheoryData<string> Projects => [.. Paths().Select(p => Path.GetFileNameWithoutExtension(p))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_it_may(string project)
    {
        Allowed.ShouldContainKey(project, $"{project} is new: say in this table what it may reference, and in docs/map.md what it is.");
        References(project).ShouldBeSubsetOf(Allowed[project]);
    }

    [Fact]
    public void Names_that_say_nothing_are_not_used() =>
        Paths().Select(p => Path.GetFileNameWithoutExtension(p)!.Split('.')[^1])
            .ShouldAllBe(n => !new[] { "Core", "Common", "Shared", "Helpers", "Utils", "Abstractions" }.Contains(n));

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = Repository.Read("Minion.sln");
        foreach (var project in Repository.Files(".", "*.csproj").Select(p => Path.GetFileName(p)).Where(n => n != "FeedProbe.csproj"))
        {
            solution.ShouldContain($"{project}\"");
        }
    }

    private static IEnumerable<string> Paths() =>
        Repository.Files("src", "*.csproj").Concat(Repository.Files("Minion.ServiceDefaults", "*.csproj")).Concat(Repository.Files("Minion.AppHost", "*.csproj"));

    private static IEnumerable<string> References(string project) =>
        XDocument.Load(Paths().Single(p => Path.GetFileNameWithoutExtension(p) == project))
            .Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));
}
