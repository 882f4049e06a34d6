using System.Text.Json.Nodes;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Clusters.Sections;
using Minion.Yaml;

namespace Minion.Orchestration.Clusters.Tools;

/// <summary>
/// Reads <c>tools</c>: where tools come from, and how they are to be called. An item with a key such as <c>mcp</c> declares a source; one without is a
/// policy for the tools that its name means. What the settings of a source must be, the tool service says.
/// </summary>
internal static class ToolSectionReader
{
    public const string Key = "tools";
    public const int Most = 200;
    private const int LongestSource = 40;
    private const int LongestTool = 64;

    /// <summary>The kinds of sources that are known here; others that the tool service has are taken too when they are mappings.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["mcp", "http", "openapi", "websocket", "grpc", "sql"];

    /// <summary>Null when there are none.</summary>
    public static JsonArray? Read(MapReader file, Problems problems)
    {
        var nodes = file.Items(Key, "a list, each item starting with '- name: …'");
        if (nodes.Count > Most)
        {
            problems.Add(file.Map.Find(Key)!, $"has {nodes.Count} entries; at most {Most} are allowed");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        var tools = new JsonArray();
        foreach (var node in nodes.Take(Most))
        {
            if (file.Within(node) is not { } reader)
            {
                continue;
            }

            var tool = Item(reader, problems);
            tools.Add(tool);
            if (tool["name"]!.GetValue<string>() is { Length: > 0 } name && !seen.Add(name))
            {
                problems.Add(node, $"the name '{Quoted.Cut(name, 80)}' stands here a second time");
            }
        }

        return tools.Count == 0 ? null : tools;
    }

    /// <summary>The key of an item that declares a source; null when it is a policy.</summary>
    public static string? KindOf(JsonObject item) => item.Select(e => e.Key).FirstOrDefault(IsKind);

    /// <summary>What the names of the tools begin with that the sources of a cluster bring.</summary>
    public static IReadOnlyList<string> PrefixesOf(ClusterDefinition definition) => definition.Json[Key] is JsonArray items
        ? [.. items.OfType<JsonObject>().Where(i => KindOf(i) is not null).Select(i => i["name"]!.GetValue<string>() + "_")]
        : [];

    private static bool IsKind(string key) => key != "name" && !ToolPolicyReader.Keys.Contains(key);

    private static JsonObject Item(MapReader reader, Problems problems)
    {
        var name = reader.RequiredText("name", "the name of a source, or of a tool; 'minion get tools' lists them");
        var item = new JsonObject { ["name"] = name };
        foreach (var known in Kinds)
        {
            reader.Take(known);
        }

        var kinds = reader.Map.Entries.Where(e => IsKind(e.Key) && (Kinds.Contains(e.Key) || e.Value is YamlMap)).ToList();
        foreach (var more in kinds.Skip(1))
        {
            problems.Add(more.Position, reader.Map.Path.Key(more.Key), $"a source is of one kind; this one has '{kinds[0].Key}' already");
        }

        if (kinds is [var kind, ..])
        {
            kinds.ForEach(k => reader.Take(k.Key));
            item[kind.Key] = SourceSettings.Read(kind.Value, reader);
        }

        CheckName(reader, name, kinds.Count > 0, problems);
        ToolPolicyReader.Read(reader, item, problems);
        reader.Done();
        return item;
    }

    private static void CheckName(MapReader reader, string name, bool isSource, Problems problems)
    {
        var isRight = isSource
            ? name.Length <= LongestSource && !name.Contains('*', StringComparison.Ordinal) && !name.Contains('@', StringComparison.Ordinal)
            : name.Length <= LongestTool;
        if (name.Length > 0 && (!isRight || name[0] == '-' || !ToolSelection.IsEntry(name)))
        {
            problems.Add(reader.Map.Find("name")!, isSource
                ? $"{Quoted.Of(name)} is not the name of a source: 1 to {LongestSource} lower-case letters, digits and underscores, starting with a letter"
                : $"{Quoted.Of(name)} is not the name of a tool: 1 to {LongestTool} lower-case letters, digits and underscores, and * for any characters");
        }
    }
}
