using System.Globalization;
using Minion.Models;
using Minion.Yaml;

namespace Minion.Orchestration.Clusters;

/// <summary>Reads what a model of the provider <c>router</c> has: its policy, its candidates and its rules. What they must be, the models library says.</summary>
internal static class RouteReader
{
    private static readonly string[] Keys = ["policy", "candidates", "weights", "rules", "escalate", "judge", "min_score", "degrade"];

    /// <summary>Null when none of its keys is there.</summary>
    public static RouteDefinition? Read(MapReader reader, Problems problems)
    {
        var given = Keys.Any(k => reader.Map.Find(k) is not null);
        var route = new RouteDefinition
        {
            Policy = Absent(reader.Text("policy")),
            Candidates = List(reader, "candidates"),
            Weights = Weights(reader, problems),
            Rules = Rules(reader, problems),
            Escalate = Flags.Read(reader, "escalate", problems) ?? false,
            Judge = Absent(reader.Text("judge")),
            MinScore = reader.Number("min_score", 0, 1),
            Degrade = List(reader, "degrade"),
        };
        return given ? route : null;
    }

    /// <summary>The names under <paramref name="key"/>; null when absent.</summary>
    public static IReadOnlyList<string>? List(MapReader reader, string key)
    {
        var given = reader.Map.Find(key) is not null and not YamlScalar { IsNull: true };
        var names = reader.Texts(key);
        return given ? names : null;
    }

    public static string? Absent(string text) => text.Length == 0 ? null : text;

    private static Dictionary<string, double>? Weights(MapReader reader, Problems problems)
    {
        var given = reader.TextMap("weights");
        var weights = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (name, text) in given)
        {
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var weight))
            {
                weights[name] = weight;
            }
            else
            {
                problems.AddUnder(reader.Map, $"weights.{name}", $"must be a number, not {Quoted.Of(text)}");
            }
        }

        return given.Count == 0 ? null : weights;
    }

    private static List<RouteRule>? Rules(MapReader reader, Problems problems)
    {
        var items = reader.Items("rules", "a list, each item with conditions and one of tier, raise and use");
        var rules = new List<RouteRule>();
        foreach (var item in items)
        {
            if (reader.Within(item) is not { } rule)
            {
                rules.Add(new RouteRule());
                continue;
            }

            rules.Add(new RouteRule
            {
                Match = Absent(rule.Text("match")),
                MinTokens = rule.Whole("min_tokens", 0, 1_000_000_000),
                MaxTokens = rule.Whole("max_tokens", 0, 1_000_000_000),
                MinTools = (int?)rule.Whole("min_tools", 1, 10_000),
                Agent = Absent(rule.Text("agent")),
                Json = Flags.Read(rule, "json", problems),
                Tier = Absent(rule.Text("tier")),
                Raise = (int?)rule.Whole("raise", -3, 3),
                Use = Absent(rule.Text("use")),
            });
            rule.Done();
        }

        return items.Count == 0 ? null : rules;
    }
}
