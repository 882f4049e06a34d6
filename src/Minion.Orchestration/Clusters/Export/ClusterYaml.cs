using System.Text;
using System.Text.Json.Nodes;
using Minion.Contracts.Orchestration.V1;
using Minion.Models;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Clusters.Sections;
using Minion.Orchestration.Clusters.Tools;
using Minion.Orchestration.Schedules;
using Minion.Yaml;

namespace Minion.Orchestration.Clusters.Export;

/// <summary>Writes a cluster as a file that, applied, changes nothing. Pure.</summary>
internal static class ClusterYaml
{
    private const string Header = """
        # Written by 'minion export'. Variables that stood in the applied file, such as ${REGION}, stand here with the values that they had.
        # Keys of models are references still, such as ${MY_API_KEY}: their values are only where the server runs.

        """;

    public static string Write(string name, ClusterDefinition definition, IEnumerable<ModelDefinition> models, IReadOnlyList<AgentVersion> agents, IReadOnlyList<ScheduleRecord> schedules)
    {
        var whole = AgentYaml.Escape(definition.Shown())!.AsObject();
        var metadata = new JsonObject { ["name"] = name };
        Move(whole, metadata, "description");
        Move(whole, metadata, "labels");
        var root = new JsonObject { ["apiVersion"] = ClusterFile.ApiVersion, ["kind"] = ClusterFile.Kind, ["metadata"] = metadata };
        var policy = whole[ClusterDefinition.Policy] as JsonObject;
        Move(whole, root, ClusterDefinition.Policy);
        Put(root, "models", models.Select(ModelYaml.Node));
        foreach (var key in ClusterDefinition.Sections)
        {
            Move(whole, root, key);
        }

        Put(root, "agents", agents.Where(a => !definition.IsTeam(a.Name)).Select(a => Agent(a.Definition, policy)));
        Put(root, ClusterDefinition.Teams, agents.Where(a => definition.IsTeam(a.Name)).Select(a => Agent(a.Definition, policy)));
        Put(root, ScheduleReader.Key, schedules.Select(s => ScheduleYaml.Node(s.Definition)));
        var text = new StringBuilder(Header);
        foreach (var agent in agents.Where(a => a.Status != AgentStatus.Active))
        {
            text.Append($"# The agent {agent.Name} is {agent.Status.ToText()} where this was written; where there is no such agent yet, applying makes it active.\n");
        }

        return text.Append(SourceSettings.Unescape(YamlText.Write(root))).ToString();
    }

    /// <summary>Limits that the agent has from the policy are left out: it has them again when the file is read.</summary>
    private static JsonObject Agent(AgentDefinition definition, JsonObject? policy)
    {
        var node = AgentYaml.Node(definition);
        if (policy is not null && node["limits"] is JsonObject limits)
        {
            foreach (var same in limits.Where(l => JsonNode.DeepEquals(l.Value, policy[l.Key])).Select(l => l.Key).ToList())
            {
                limits.Remove(same);
            }

            if (limits.Count == 0)
            {
                node.Remove("limits");
            }
        }

        return node;
    }

    private static void Put(JsonObject root, string key, IEnumerable<JsonObject> items)
    {
        var list = new JsonArray([.. items]);
        if (list.Count > 0)
        {
            root[key] = list;
        }
    }

    private static void Move(JsonObject from, JsonObject to, string key)
    {
        if (from[key] is { } node)
        {
            from.Remove(key);
            to[key] = node;
        }
    }
}
