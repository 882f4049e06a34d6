using System.Text.Json;
using System.Text.Json.Nodes;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Orchestration.Runs.EngineTools;

/// <summary>The input schema of a tool that starts an agent: which one, and a text.</summary>
internal static class AgentSchema
{
    public static JsonElement Of(AgentDefinition agent, string text, string description)
    {
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["agent"] = new JsonObject
                {
                    ["type"] = "string",
                    ["description"] = "The name of the agent.",
                    ["enum"] = new JsonArray([.. agent.Agents.Select(a => (JsonNode)a)]),
                },
                [text] = new JsonObject { ["type"] = "string", ["description"] = description },
            },
            ["required"] = new JsonArray("agent", text),
            ["additionalProperties"] = false,
        };
        using var document = JsonDocument.Parse(schema.ToJsonString());
        return document.RootElement.Clone();
    }
}
