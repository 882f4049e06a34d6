using System.Text.Json.Nodes;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Mcp.Calls;
using Minion.Tools.Mcp.Settings;
using ModelContextProtocol.Protocol;

namespace Minion.Tools.Mcp.Tools;

/// <summary>A server's resources and prompts, as tools: one that lists them, one that gives one.</summary>
internal static class ResourceTools
{
    private const int MostEntries = 500;
    private const string NoArguments = """{"type":"object","properties":{},"additionalProperties":false}""";

    /// <summary>What the tools are called beside the server's own.</summary>
    public static IReadOnlyDictionary<string, Func<string, McpSettings, string, McpCaller, McpTool>> ForResources { get; } =
        new Dictionary<string, Func<string, McpSettings, string, McpCaller, McpTool>>(StringComparer.Ordinal)
        {
            ["list_resources"] = (name, settings, source, caller) => Make(
                name, settings, source, caller, $"Lists the resources of {source}: documents, files and data that can be read with their URI.", NoArguments,
                _ => new McpRequest(RequestMethods.ResourcesList, [], "resources"),
                result => List(result, "resources", "uri", "name", "description", "mimeType")),
            ["list_resource_templates"] = (name, settings, source, caller) => Make(
                name, settings, source, caller, $"Lists the templates of URIs of {source}: resources that can be read once the parts in braces are filled in.", NoArguments,
                _ => new McpRequest(RequestMethods.ResourcesTemplatesList, [], "resource templates"),
                result => List(result, "resourceTemplates", "uriTemplate", "name", "description", "mimeType")),
            ["read_resource"] = (name, settings, source, caller) => Make(
                name, settings, source, caller, $"Reads a resource of {source} by its URI.",
                """{"type":"object","properties":{"uri":{"type":"string","minLength":1,"maxLength":4096}},"required":["uri"],"additionalProperties":false}""",
                arguments => new McpRequest(RequestMethods.ResourcesRead, new JsonObject { ["uri"] = arguments.GetProperty("uri").GetString() }, arguments.GetProperty("uri").GetString()!),
                ToolResults.ReadResource),
        };

    public static IReadOnlyDictionary<string, Func<string, McpSettings, string, McpCaller, McpTool>> ForPrompts { get; } =
        new Dictionary<string, Func<string, McpSettings, string, McpCaller, McpTool>>(StringComparer.Ordinal)
        {
            ["list_prompts"] = (name, settings, source, caller) => Make(
                name, settings, source, caller, $"Lists the prompts of {source}: texts for tasks, with the arguments that they take.", NoArguments,
                _ => new McpRequest(RequestMethods.PromptsList, [], "prompts"),
                result => List(result, "prompts", "name", "description", "arguments")),
            ["get_prompt"] = (name, settings, source, caller) => Make(
                name, settings, source, caller, $"Gives the messages of a prompt of {source}.",
                """
                {"type":"object","properties":{"name":{"type":"string","minLength":1,"maxLength":200},"arguments":{"type":"object","additionalProperties":{"type":"string"}}},"required":["name"],"additionalProperties":false}
                """,
                arguments => new McpRequest(
                    RequestMethods.PromptsGet,
                    new JsonObject { ["name"] = arguments.GetProperty("name").GetString(), ["arguments"] = arguments.TryGetProperty("arguments", out var given) ? JsonObject.Create(given) : [] },
                    arguments.GetProperty("name").GetString()!),
                ToolResults.ReadPrompt),
        };

    private static McpTool Make(
        string name, McpSettings settings, string source, McpCaller caller, string description, string input,
        Func<System.Text.Json.JsonElement, McpRequest> request, Func<JsonObject, ToolOutcome> read) => new(
        new ToolDescription
        {
            Name = name,
            Version = "1.0",
            Description = description,
            InputSchema = input,
            OutputSchema = """{"type":"object"}""",
            Policy = new ToolPolicy(Effect.ReadOnly) { Timeout = settings.Timeout, Retries = 1 },
            Category = "mcp",
            Owner = source,
            Untrusted = true,
        },
        caller,
        request,
        read);

    private static ToolOutcome List(JsonObject result, string list, params IEnumerable<string> members)
    {
        var entries = (result[list] as JsonArray ?? []).OfType<JsonObject>().ToList();
        var outcome = new JsonObject
        {
            [list == "resourceTemplates" ? "templates" : list] = new JsonArray([.. entries.Take(MostEntries).Select(entry => (JsonNode)Pick(entry, members))]),
        };
        if (entries.Count > MostEntries || result["nextCursor"] is not null)
        {
            outcome["more"] = true;
        }

        return ToolResults.Result(outcome);
    }

    private static JsonObject Pick(JsonObject entry, IEnumerable<string> members) => new(
        members.Where(member => entry[member] is not null).Select(member => KeyValuePair.Create(
            member switch
            {
                "mimeType" => "mime_type",
                "uriTemplate" => "uri_template",
                _ => member,
            },
            entry[member]?.DeepClone())));
}
