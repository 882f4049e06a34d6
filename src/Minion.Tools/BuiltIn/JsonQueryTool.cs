using System.Text.Json;
using System.Text.Json.Nodes;
using Minion.Contracts.Tools.V1;
using Minion.Tools.BuiltIn.JsonPath;

namespace Minion.Tools.BuiltIn;

/// <summary>Selects parts of a JSON document by a JSONPath.</summary>
internal sealed class JsonQueryTool : ITool
{
    private const int DefaultLimit = 100;

    public ToolDescription Description { get; } = new()
    {
        Name = "json_query",
        Version = "1.0",
        Category = "text",
        Description =
            """
            Selects values of a JSON document by a JSONPath (RFC 9535). Examples: $.items[0].name, $..price, $.items[?@.price < 10].name,
            $.items[-1:], $.users[?match(@.mail, '.*@example\\.com')]. The document is given as JSON, or as a text that holds JSON.
            """,
        InputSchema =
            """
            {
              "type": "object",
              "properties": {
                "json": { "description": "The document: any JSON value, or a text that holds JSON" },
                "query": { "type": "string", "minLength": 1, "maxLength": 2000 },
                "limit": { "type": "integer", "minimum": 1, "maximum": 10000, "default": 100 },
                "paths": { "type": "boolean", "default": false, "description": "Whether to say where each value is" }
              },
              "required": ["json", "query"],
              "additionalProperties": false
            }
            """,
        OutputSchema =
            """
            {
              "type": "object",
              "properties": {
                "values": { "type": "array" },
                "paths": { "type": "array", "items": { "type": "string" } },
                "count": { "type": "integer", "minimum": 0 },
                "truncated": { "type": "boolean" }
              },
              "required": ["values", "count", "truncated"],
              "additionalProperties": false
            }
            """,
        Policy = new ToolPolicy(Effect.ReadOnly) { Timeout = TimeSpan.FromSeconds(5), ResultLimit = 256 * 1024 },
    };

    public ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        try
        {
            var query = PathQuery.Parse(call.Arguments.GetProperty("query").GetString()!);
            return new(Select(call, query, Document(call.Arguments.GetProperty("json")), cancellationToken));
        }
        catch (PathError error)
        {
            return new(ToolOutcome.Failed(
                $"The query is no JSONPath: at position {error.Position}, {error.Message}.", "Correct it, for example: $.items[?@.price < 10].name"));
        }
        catch (JsonException exception)
        {
            return new(ToolOutcome.Failed($"The document is no JSON: {exception.Message}", "Give the document as JSON, whole."));
        }
        catch (PathTooCostly exception)
        {
            return new(ToolOutcome.Failed(exception.Message, "Ask for less: name the members instead of looking everywhere (..)."));
        }
    }

    private static ToolResult Select(ToolCall call, PathQuery query, JsonElement document, CancellationToken cancellationToken)
    {
        var nodes = query.Select(document, cancellationToken);
        var limit = call.Arguments.TryGetProperty("limit", out var given) ? (int)given.GetDouble() : DefaultLimit;
        var shown = nodes.Take(limit).ToList();
        var result = new JsonObject
        {
            ["values"] = new JsonArray([.. shown.Select(node => ToNode(node.Value))]),
            ["count"] = nodes.Count,
            ["truncated"] = nodes.Count > limit,
        };
        if (call.Arguments.TryGetProperty("paths", out var paths) && paths.GetBoolean())
        {
            result["paths"] = new JsonArray([.. shown.Select(node => JsonValue.Create(node.Path))]);
        }

        return ToolOutcome.Result(result, BuiltInJson.Readable.JsonObject);
    }

    private static JsonElement Document(JsonElement json) => json.ValueKind == JsonValueKind.String ? JsonElement.Parse(json.GetString()!) : json;

    private static JsonNode? ToNode(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(value),
        JsonValueKind.Array => JsonArray.Create(value),
        JsonValueKind.Null => null,
        _ => JsonValue.Create(value),
    };
}
