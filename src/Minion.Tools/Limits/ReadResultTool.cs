using System.Text.Json;
using System.Text.Json.Nodes;
using Minion.Contracts.Tools.V1;

namespace Minion.Tools.Limits;

/// <summary>Gives results that were too long in pages.</summary>
internal sealed class ReadResultTool(IKeptResults results) : ITool
{
    private const int DefaultLimit = 16_000;

    public ToolDescription Description { get; } = new()
    {
        Name = "read_result",
        Version = "1.0",
        Category = "results",
        Description = "Reads on in a result of another tool that was too long and was cut. The cut result names its id. Gives the JSON text of the whole result from 'offset' on; call it again with 'next_offset' while there is one.",
        InputSchema =
            """
            {
              "type": "object",
              "properties": {
                "id": { "type": "string", "format": "uuid", "maxLength": 36, "description": "The id that the cut result names." },
                "offset": { "type": "integer", "minimum": 0, "maximum": 100000000, "default": 0, "description": "Characters to skip." },
                "limit": { "type": "integer", "minimum": 1, "maximum": 32000, "default": 16000, "description": "Characters to read." }
              },
              "required": ["id"],
              "additionalProperties": false
            }
            """,
        OutputSchema =
            """
            {
              "type": "object",
              "properties": {
                "tool": { "type": "string" },
                "text": { "type": "string" },
                "total": { "type": "integer" },
                "next_offset": { "type": "integer" }
              },
              "required": ["tool", "text", "total"],
              "additionalProperties": false
            }
            """,
        Policy = new ToolPolicy(Effect.ReadOnly) { ResultLimit = 512 * 1024 },
    };

    public async ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var text = call.Arguments.GetProperty("id").GetString()!;
        var offset = call.Arguments.TryGetProperty("offset", out var o) && o.TryGetInt32(out var skip) ? skip : 0;
        var limit = call.Arguments.TryGetProperty("limit", out var l) && l.TryGetInt32(out var take) ? take : DefaultLimit;
        if (!Guid.TryParse(text, out var id) || await results.ReadAsync(call, id, offset, limit, cancellationToken) is not { } page)
        {
            return ToolOutcome.Failed($"There is no result '{text}' for this run, or its time is over.", "Use the id that a cut result names, or call the tool again and ask it for less.");
        }

        var result = new JsonObject { ["tool"] = page.Tool, ["text"] = page.Text, ["total"] = page.Total };
        if (offset + limit < page.Total)
        {
            result["next_offset"] = offset + limit;
        }

        return new ToolResult(JsonSerializer.SerializeToElement(result, Execution.ExecutionJson.Readable.JsonNode)) { Untrusted = page.Untrusted };
    }
}
