using Minion.Contracts.Tools.V1;
using Minion.Tools.BuiltIn.Texts;

namespace Minion.Tools.BuiltIn;

/// <summary>Does with a text what models do badly: counting, searching, replacing, comparing, encoding.</summary>
internal sealed class TextTool : ITool
{
    public ToolDescription Description { get; } = new()
    {
        Name = "text",
        Version = "1.0",
        Category = "text",
        Description =
            """
            Works on a text, exactly. Operations: count (characters, words, lines, bytes; with find: how often it occurs), find, replace (needs
            find and replacement), split (by find), slice (characters start to end, from the end when negative), upper, lower, sort_lines,
            unique_lines, diff (with other), base64_encode, base64_decode, url_encode, url_decode, sha256. With regex: true, find is a
            regular expression and $1 in the replacement is its first group.
            """,
        InputSchema =
            """
            {
              "type": "object",
              "properties": {
                "operation": {
                  "enum": ["count", "find", "replace", "split", "slice", "upper", "lower", "sort_lines", "unique_lines", "diff",
                    "base64_encode", "base64_decode", "url_encode", "url_decode", "sha256"]
                },
                "text": { "type": "string", "maxLength": 500000 },
                "find": { "type": "string", "minLength": 1, "maxLength": 1000 },
                "replacement": { "type": "string", "maxLength": 10000 },
                "other": { "type": "string", "maxLength": 500000 },
                "regex": { "type": "boolean", "default": false },
                "ignore_case": { "type": "boolean", "default": false },
                "start": { "type": "integer", "minimum": -1000000, "maximum": 1000000 },
                "end": { "type": "integer", "minimum": -1000000, "maximum": 1000000 },
                "limit": { "type": "integer", "minimum": 1, "maximum": 10000, "default": 100, "description": "Of the matches or parts that are shown" }
              },
              "required": ["operation", "text"],
              "additionalProperties": false
            }
            """,
        OutputSchema =
            """
            {
              "type": "object",
              "properties": {
                "text": { "type": "string" },
                "items": { "type": "array", "items": { "type": "string" } },
                "matches": {
                  "type": "array",
                  "items": {
                    "type": "object",
                    "properties": {
                      "text": { "type": "string" },
                      "start": { "type": "integer" },
                      "groups": { "type": "array", "items": { "type": "string" } }
                    },
                    "required": ["text", "start", "groups"]
                  }
                },
                "count": { "type": "integer" },
                "characters": { "type": "integer" },
                "words": { "type": "integer" },
                "lines": { "type": "integer" },
                "bytes": { "type": "integer" }
              },
              "minProperties": 1,
              "additionalProperties": false
            }
            """,
        Policy = new ToolPolicy(Effect.ReadOnly) { Timeout = TimeSpan.FromSeconds(10), ResultLimit = 512 * 1024 },
    };

    public ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        try
        {
            return new(ToolOutcome.Result(TextOperations.Run(Read(call)), BuiltInJson.Readable.TextResult));
        }
        catch (TextRefusal refusal)
        {
            return new(refusal.Failure);
        }
    }

    private static TextArguments Read(ToolCall call)
    {
        bool Has(string name) => call.Arguments.TryGetProperty(name, out _);
        return new TextArguments(call.Text("operation"), call.Text("text"))
        {
            Find = Has("find") ? call.Text("find") : null,
            Replacement = Has("replacement") ? call.Text("replacement") : null,
            Other = Has("other") ? call.Text("other") : null,
            Regex = call.Truth("regex"),
            IgnoreCase = call.Truth("ignore_case"),
            Start = Has("start") ? call.Number("start", 0) : null,
            End = Has("end") ? call.Number("end", 0) : null,
            Limit = call.Number("limit", 100),
        };
    }
}
