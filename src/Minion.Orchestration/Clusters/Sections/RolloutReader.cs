using System.Globalization;
using System.Text.Json.Nodes;
using Minion.Yaml;

namespace Minion.Orchestration.Clusters.Sections;

/// <summary>Reads <c>rollout</c>: how a new version of an agent takes over.</summary>
internal static class RolloutReader
{
    private const int MostSteps = 20;
    private static readonly TimeSpan LeastHold = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestHold = TimeSpan.FromDays(30);

    public static JsonObject? Read(MapReader? reader, Problems problems)
    {
        if (reader is null)
        {
            return null;
        }

        var rollout = new JsonObject();
        Section.Put(rollout, "strategy", Section.OneOf(reader, "strategy", problems, "canary", "blue-green", "a-b"));
        if (Steps(reader, problems) is { Count: > 0 } steps)
        {
            rollout["steps"] = steps;
        }

        Section.Put(rollout, "hold", reader.Duration("hold", LeastHold, LongestHold));
        Section.Put(rollout, "gate", reader.Number("gate", 0, 100));
        Section.Put(rollout, "rollback", Section.OneOf(reader, "rollback", problems, "automatic", "manual"));
        reader.Done();
        return rollout;
    }

    /// <summary>Percent of the traffic, growing, the last one 100.</summary>
    private static JsonArray Steps(MapReader reader, Problems problems)
    {
        var steps = new JsonArray();
        var last = 0;
        var nodes = reader.Items("steps", "a list of percents, such as [1, 10, 25, 50, 100]");
        foreach (var node in nodes)
        {
            if (node is YamlScalar scalar
                && int.TryParse(reader.Resolve(scalar), NumberStyles.None, CultureInfo.InvariantCulture, out var percent)
                && percent > last && percent <= 100)
            {
                steps.Add(last = percent);
            }
            else
            {
                problems.Add(node, "must be a whole number up to 100, above the one before it");
            }
        }

        if (nodes.Count > 0 && (last != 100 || nodes.Count > MostSteps))
        {
            problems.Add(reader.Map.Find("steps")!, $"must have at most {MostSteps} steps, the last one 100");
        }

        return steps;
    }
}
