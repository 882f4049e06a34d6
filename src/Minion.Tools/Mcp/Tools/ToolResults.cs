using System.Text.Json;
using System.Text.Json.Nodes;
using Minion.Tools.Mcp.Calls;

namespace Minion.Tools.Mcp.Tools;

/// <summary>Reads what servers answer.</summary>
internal static class ToolResults
{
    /// <summary>The result of a tool.</summary>
    /// <param name="result">What the server answered to <c>tools/call</c>.</param>
    /// <param name="tool">The tool's name there.</param>
    /// <param name="structured">Whether the tool has said what it gives: then that is the result, and nothing else.</param>
    public static ToolOutcome Read(JsonObject result, string tool, bool structured)
    {
        var blocks = (result["content"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        var text = Texts(blocks);
        if (result["isError"] is JsonValue error && error.TryGetValue<bool>(out var failed) && failed)
        {
            return ToolOutcome.Failed(
                ServerText.Clean(text, 4_000) is { Length: > 0 } said ? said : $"'{tool}' failed and does not say why.",
                "Read what the tool says, correct the arguments or try something else.");
        }

        if (structured)
        {
            return Structured(result, text) is { } value
                ? Result(value)
                : ToolOutcome.Failed($"'{tool}' gave no structured result, although it says that it does.", "Do without this tool; its owner has to correct it.");
        }

        var outcome = new JsonObject { ["text"] = text };
        if (result["structuredContent"] is { } content)
        {
            outcome["structured"] = content.DeepClone();
        }

        var attachments = blocks.Where(block => !IsText(block)).Select(Attachment).ToArray();
        if (attachments.Length > 0)
        {
            outcome["attachments"] = new JsonArray(attachments);
        }

        return Result(outcome);
    }

    /// <summary>What stands in a resource.</summary>
    public static ToolOutcome ReadResource(JsonObject result) => Result(new JsonObject
    {
        ["contents"] = new JsonArray([.. (result["contents"] as JsonArray ?? []).OfType<JsonObject>().Select(Contents)]),
    });

    /// <summary>The messages of a prompt.</summary>
    public static ToolOutcome ReadPrompt(JsonObject result) => Result(new JsonObject
    {
        ["description"] = Text(result["description"]),
        ["messages"] = new JsonArray([.. (result["messages"] as JsonArray ?? []).OfType<JsonObject>().Select(message => (JsonNode)new JsonObject
        {
            ["role"] = Text(message["role"]),
            ["text"] = message["content"] is JsonObject block ? IsText(block) ? Text(block["text"]) : Attachment(block).ToJsonString() : "",
        })]),
    });

    public static ToolOutcome Result(JsonNode value) => new ToolResult(JsonElement.Parse(value.ToJsonString()));

    public static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    private static string Texts(IEnumerable<JsonObject> blocks) => string.Join("\n", blocks.Where(IsText).Select(block => Text(block["text"])));

    private static bool IsText(JsonObject block) => Text(block["type"]) == "text";

    /// <summary>Some servers write the structured result as text only.</summary>
    private static JsonNode? Structured(JsonObject result, string text)
    {
        if (result["structuredContent"] is { } content)
        {
            return content.DeepClone();
        }

        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonNode Attachment(JsonObject block)
    {
        var attachment = new JsonObject { ["type"] = Text(block["type"]) };
        Copy(block, attachment, "mimeType", "mime_type");
        Copy(block, attachment, "name", "name");
        Copy(block, attachment, "uri", "uri");
        Copy(block, attachment, "description", "description");
        Copy(block, attachment, "data", "data");
        if (block["resource"] is JsonObject resource)
        {
            foreach (var (name, value) in Contents(resource).AsObject())
            {
                attachment[name] = value?.DeepClone();
            }
        }

        return attachment;
    }

    private static JsonNode Contents(JsonObject resource)
    {
        var contents = new JsonObject();
        Copy(resource, contents, "uri", "uri");
        Copy(resource, contents, "mimeType", "mime_type");
        Copy(resource, contents, "text", "text");
        Copy(resource, contents, "blob", "data");
        return contents;
    }

    private static void Copy(JsonObject from, JsonObject to, string name, string asName)
    {
        if (from[name] is JsonValue value && value.TryGetValue<string>(out var text))
        {
            to[asName] = text;
        }
    }
}
