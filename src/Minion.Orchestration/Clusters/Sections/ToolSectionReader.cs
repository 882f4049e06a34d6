using System.Globalization;
using System.Text.Json.Nodes;
using Minion.Yaml;

namespace Minion.Orchestration.Clusters.Sections;

/// <summary>Reads <c>tools</c>: how tools are to be called for this cluster.</summary>
internal static class ToolSectionReader
{
    private const int Most = 200;
    private static readonly TimeSpan LeastTimeout = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestCache = TimeSpan.FromDays(30);

    /// <summary>Null when there are none.</summary>
    public static JsonArray? Read(MapReader file, Problems problems)
    {
        var nodes = file.Items("tools", "a list, each item starting with '- name: …'");
        if (nodes.Count > Most)
        {
            problems.Add(file.Map.Find("tools")!, $"has {nodes.Count} entries; at most {Most} are allowed");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        var tools = new JsonArray();
        foreach (var node in nodes.Take(Most))
        {
            if (file.Within(node) is not { } reader)
            {
                continue;
            }

            var tool = Tool(reader);
            tools.Add(tool);
            if (tool["name"]!.GetValue<string>() is { Length: > 0 } name && !seen.Add(name))
            {
                problems.Add(node, $"the tool '{Quoted.Cut(name, 80)}' stands here a second time");
            }
        }

        return tools.Count == 0 ? null : tools;
    }

    private static JsonObject Tool(MapReader reader)
    {
        var tool = new JsonObject { ["name"] = reader.RequiredText("name", "the name of a tool; 'minion get tools' lists them") };
        Section.Put(tool, "timeout", reader.Duration("timeout", LeastTimeout, LongestTimeout));
        Section.Put(tool, "retries", reader.Whole("retries", 0, 5));
        Section.Put(tool, "concurrency", reader.Whole("concurrency", 1, 10_000));
        Section.Put(tool, "result_limit", reader.Whole("result_limit", 256, 1024 * 1024));
        Section.Put(tool, "cache", reader.Duration("cache", TimeSpan.FromSeconds(1), LongestCache));
        if (reader.Amount("cost_usd", 0, 1_000_000) is { } cost)
        {
            tool["cost_usd"] = JsonNode.Parse(cost.ToString(CultureInfo.InvariantCulture));
        }

        reader.Done();
        return tool;
    }
}
