using System.Text.RegularExpressions;

namespace Minion.Architecture.Tests;

/// <summary>Rules that a look at the text can hold.</summary>
public sealed class SourceTests
{
    private static readonly string[] Product = [.. Repository.Files("src", "*.cs"), .. Repository.Files("Minion.ServiceDefaults", "*.cs"), .. Repository.Files("Minion.AppHost", "*.cs")];

    [Fact]
    public void No_product_file_knows_which_packages_the_feed_has() =>
        Product.Where(f => Regex.IsMatch(File.ReadAllText(f), @"MinionFeed|StandIn|standins|PARTIAL_FEED")).ShouldBeEmpty();

    [Fact]
    public void Only_the_engines_protections_can_be_compiled_away()
    {
        var conditions = Product.SelectMany(f => File.ReadLines(f)).Where(l => l.TrimStart().StartsWith("#if", StringComparison.Ordinal)).Select(l => l.Trim()).Distinct();
        conditions.ShouldBeSubsetOf(["#if BREAK_FENCING", "#if !BREAK_FENCING", "#if BREAK_INTENTS"]);
    }

    [Fact]
    public void Every_behaviour_is_in_the_list() => EveryClassIsNamed(
        "src/Minion.Orchestration/Runs/Behaviours", ": IBehaviour", "src/Minion.Orchestration/Runs/Behaviours/BehaviourList.cs");

    [Fact]
    public void Every_provider_is_in_the_list()
    {
        EveryClassIsNamed("src/Minion.Models", ": IModelProvider", "src/Minion.Models/Definitions/ModelProviders.cs");
        EveryClassIsNamed("src/Minion.Models", ": DialectProvider", "src/Minion.Models/Definitions/ModelProviders.cs");
    }

    [Fact]
    public void Every_migration_can_be_undone() => Repository.Files("src", "*.up.sql")
        .Where(up => !File.Exists(up.Replace(".up.sql", ".down.sql", StringComparison.Ordinal))).ShouldBeEmpty();

    [Fact]
    public void Every_table_with_a_tenant_forces_row_level_security()
    {
        foreach (var up in Repository.Files("src", "*.up.sql"))
        {
            var sql = File.ReadAllText(up);
            foreach (Match table in Regex.Matches(sql, @"CREATE TABLE (?:\w+\.)?(\w+) \((.*?)\n\)", RegexOptions.Singleline))
            {
                if (table.Groups[2].Value.Contains("tenant text", StringComparison.Ordinal))
                {
                    var name = table.Groups[1].Value;
                    Regex.IsMatch(sql, $@"(?:\.{name}\s+FORCE ROW LEVEL|{name}[^;]*FORCE ROW LEVEL|'{name}')").ShouldBeTrue($"{name} in {up}");
                }
            }
        }
    }

    [Fact]
    public void No_file_holds_an_address_of_a_package_registry_or_a_path_of_one_machine() => Repository.Files("src", "*")
        .Concat(Repository.Files("eng", "*")).Concat(Repository.Files("docs", "*"))
        .Where(f => Regex.IsMatch(File.ReadAllText(f), @"api\.nuget\.org|registry\.npmjs|/home/\w+/|/work/")).ShouldBeEmpty();

    [Fact]
    public void Tests_wait_on_conditions_and_do_not_sleep() => Repository.Files("tests", "*.cs")
        .Where(f => !Regex.IsMatch(f, "/tests/Minion\\.(Bench|Crash|McpConformance|Testing|Architecture\\.Tests)/"))
        .Where(f => Regex.IsMatch(File.ReadAllText(f), @"Thread\.Sleep|Task\.Delay\((?!(System\.Threading\.)?Timeout\.Infinite)|Stopwatch"))
        .Select(f => Path.GetRelativePath(Repository.Root, f))
        .ShouldBeEmpty("Minion.Testing/Eventually.cs waits for all tests");

    private static void EveryClassIsNamed(string folder, string marker, string list)
    {
        var names = Repository.Files(folder, "*.cs").Select(File.ReadAllText)
            .SelectMany(t => Regex.Matches(t, @$"(?<!abstract )class (\w+)[^\n]*{Regex.Escape(marker)}")).Select(m => m.Groups[1].Value).ToList();
        names.ShouldNotBeEmpty();
        var registered = Repository.Read(list);
        names.Where(n => !Regex.IsMatch(registered, $@"\b{n}\b")).ShouldBeEmpty();
    }
}
