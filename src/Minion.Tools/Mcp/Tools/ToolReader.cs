using System.Text.Json;
using System.Text.Json.Nodes;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Mcp.Calls;
using Minion.Tools.Mcp.Settings;
using Minion.Tools.Schemas;
using ModelContextProtocol.Protocol;
using Tool = ModelContextProtocol.Protocol.Tool;

namespace Minion.Tools.Mcp.Tools;

/// <summary>Reads what a server says of its tools. What does not fit is left out with the reason; the others can be used.</summary>
internal static class ToolReader
{
    private const int LargestSchema = 64 * 1024;
    private const int LongestDescription = 4_000;
    private const int LongestName = 200;

    /// <summary>The result of a tool that does not say what it gives.</summary>
    private const string AnyResult =
        """
        {
          "type": "object",
          "properties": {
            "text": { "type": "string" },
            "structured": true,
            "attachments": { "type": "array", "items": { "type": "object" } }
          },
          "required": ["text"]
        }
        """;

    /// <summary>Why the tool cannot be used; null when it can.</summary>
    public static string? Problem(Tool tool) =>
        tool.Name is not { Length: > 0 and <= LongestName } ? $"its name must have 1 to {LongestName} characters"
        : SchemaProblem("input", tool.InputSchema) ?? (tool.OutputSchema is { } output ? SchemaProblem("output", output) : null);

    /// <summary>The tool as the registry is given it.</summary>
    /// <param name="tool">What the server says.</param>
    /// <param name="name">Its name here.</param>
    /// <param name="source">The source's name.</param>
    /// <param name="settings">The source's settings.</param>
    /// <param name="caller">Makes the requests.</param>
    /// <param name="asListed">Whether the server still describes it so.</param>
    public static McpTool Read(Tool tool, string name, string source, McpSettings settings, McpCaller caller, Func<bool> asListed)
    {
        var effect = settings.TrustAnnotations ? EffectOf(tool.Annotations) : Effect.SideEffect;
        var description = new ToolDescription
        {
            Name = name,
            Version = "1.0",
            Description = ServerText.Clean(tool.Description, LongestDescription) is { Length: > 0 } text ? text : $"The tool '{tool.Name}' of {source}.",
            InputSchema = tool.InputSchema.GetRawText(),
            OutputSchema = tool.OutputSchema is { } output ? output.GetRawText() : AnyResult,
            Policy = new ToolPolicy(effect) { Timeout = settings.Timeout, Retries = effect == Effect.SideEffect ? 0 : 1 },
            Category = "mcp",
            Owner = source,
            Untrusted = true,
            Tags = settings.TrustAnnotations ? [] : Claims(tool.Annotations),
        };
        return new McpTool(
            description,
            caller,
            arguments => new McpRequest(
                RequestMethods.ToolsCall,
                new JsonObject { ["name"] = tool.Name, ["arguments"] = JsonObject.Create(arguments) },
                tool.Name)
            { IsAsListed = asListed },
            result => ToolResults.Read(result, tool.Name, structured: tool.OutputSchema is not null));
    }

    /// <summary>What a call changes, as the server says; a tool that says nothing changes something at each call. A claim: the specification calls annotations untrusted.</summary>
    private static Effect EffectOf(ToolAnnotations? annotations) =>
        annotations?.ReadOnlyHint == true ? Effect.ReadOnly
        : annotations?.IdempotentHint == true ? Effect.Idempotent
        : Effect.SideEffect;

    /// <summary>For whoever writes a policy.</summary>
    private static string[] Claims(ToolAnnotations? annotations) => EffectOf(annotations) switch
    {
        Effect.ReadOnly => ["claims_read_only"],
        Effect.Idempotent => ["claims_idempotent"],
        _ => [],
    };

    private static string? SchemaProblem(string which, JsonElement schema)
    {
        var text = schema.GetRawText();
        if (text.Length > LargestSchema)
        {
            return $"its {which} schema has more than {LargestSchema} characters";
        }

        try
        {
            JsonSchema.Parse(text);
            return null;
        }
        catch (SchemaException exception)
        {
            return $"its {which} schema: {ServerText.Clean(exception.Message, 300)}";
        }
    }
}
