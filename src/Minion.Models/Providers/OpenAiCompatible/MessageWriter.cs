using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Minion.Models.Providers.OpenAiCompatible;

/// <summary>A conversation as the <c>messages</c> of a request. Reasoning is not sent back: endpoints refuse or ignore it.</summary>
internal static class MessageWriter
{
    public static JsonArray Write(IEnumerable<ChatMessage> messages, string? instructions, ModelDefinition definition)
    {
        var written = new JsonArray();
        if (!string.IsNullOrEmpty(instructions))
        {
            written.Add(Message("system", instructions));
        }

        foreach (var message in messages)
        {
            foreach (var item in Write(message, definition))
            {
                written.Add(item);
            }
        }

        return written;
    }

    private static IEnumerable<JsonObject> Write(ChatMessage message, ModelDefinition definition)
    {
        if (message.Contents.FirstOrDefault(c => c is not (TextContent or TextReasoningContent or FunctionCallContent or FunctionResultContent or UsageContent or ErrorContent)) is { } other)
        {
            throw new ModelException(
                ModelErrorKind.InvalidRequest, $"{definition.Described()} cannot be sent content of the kind {other.GetType().Name}.", "Send text only.");
        }

        // One message for each result, whatever the number that the conversation holds in one.
        foreach (var result in message.Contents.OfType<FunctionResultContent>())
        {
            yield return new JsonObject { ["role"] = "tool", ["tool_call_id"] = result.CallId, ["content"] = ToolResultText.Of(result) };
        }

        if (message.Role == ChatRole.Assistant)
        {
            yield return Assistant(message);
        }
        else if (message.Role != ChatRole.Tool)
        {
            yield return Message(message.Role.Value, message.Text);
        }
    }

    private static JsonObject Message(string role, string text) => new() { ["role"] = role, ["content"] = text };

    private static JsonObject Assistant(ChatMessage message)
    {
        var written = Message("assistant", message.Text);
        var calls = message.Contents.OfType<FunctionCallContent>().ToList();
        if (calls.Count > 0)
        {
            written["content"] = message.Text.Length > 0 ? message.Text : null;
            written["tool_calls"] = new JsonArray([.. calls.Select(Call)]);
        }

        return written;
    }

    private static JsonObject Call(FunctionCallContent call) => new()
    {
        ["id"] = call.CallId,
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = Arguments(call) },
    };

    /// <summary>The model's own words; wrapped when they are no JSON object, because endpoints parse them and fail.</summary>
    private static string Arguments(FunctionCallContent call)
    {
        var raw = ToolCallArguments.RawOf(call);
        return call.Exception is null
            ? string.IsNullOrWhiteSpace(raw) ? "{}" : raw
            : JsonSerializer.Serialize(new Dictionary<string, string> { ["invalid_arguments"] = raw });
    }
}
