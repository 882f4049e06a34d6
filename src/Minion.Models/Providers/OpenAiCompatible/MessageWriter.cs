using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Minion.Models.Providers.OpenAiCompatible;

/// <summary>A conversation as the <c>messages</c> of a request. Reasoning is not sent back: endpoints refuse or ignore it.</summary>
internal static class MessageWriter
{
    public static void Write(Utf8JsonWriter writer, IEnumerable<ChatMessage> messages, string? instructions, ModelDefinition definition, Dialect dialect)
    {
        writer.WriteStartArray("messages");
        if (!string.IsNullOrEmpty(instructions))
        {
            WriteText(writer, "system", instructions);
        }

        foreach (var message in messages)
        {
            Write(writer, message, definition, dialect);
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, ChatMessage message, ModelDefinition definition, Dialect dialect)
    {
        ContentParts.ThrowIfUnknown(message, definition);

        // One message for each result, whatever the number that the conversation holds in one.
        foreach (var result in message.Contents.OfType<FunctionResultContent>())
        {
            writer.WriteStartObject();
            writer.WriteString("role", "tool");
            writer.WriteString("tool_call_id", dialect.CallId(result.CallId));
            writer.WriteString("content", ToolResultText.Of(result));
            writer.WriteEndObject();
        }

        if (message.Role == ChatRole.Assistant)
        {
            WriteAssistant(writer, message, dialect);
        }
        else if (message.Role != ChatRole.Tool)
        {
            if (ContentParts.Any(message))
            {
                ContentParts.Write(writer, message);
            }
            else
            {
                WriteText(writer, message.Role.Value, message.Text);
            }
        }
    }

    private static void WriteText(Utf8JsonWriter writer, string role, string text)
    {
        writer.WriteStartObject();
        writer.WriteString("role", role);
        writer.WriteString("content", text);
        writer.WriteEndObject();
    }

    private static void WriteAssistant(Utf8JsonWriter writer, ChatMessage message, Dialect dialect)
    {
        var text = message.Text;
        var calls = message.Contents.Any(c => c is FunctionCallContent);
        writer.WriteStartObject();
        writer.WriteString("role", "assistant");
        writer.WriteString("content", calls && text.Length == 0 ? null : text);
        if (calls)
        {
            writer.WriteStartArray("tool_calls");
            foreach (var call in message.Contents.OfType<FunctionCallContent>())
            {
                WriteCall(writer, call, dialect);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter writer, FunctionCallContent call, Dialect dialect)
    {
        writer.WriteStartObject();
        writer.WriteString("id", dialect.CallId(call.CallId));
        writer.WriteString("type", "function");
        writer.WriteStartObject("function");
        writer.WriteString("name", call.Name);
        writer.WriteString("arguments", ToolCallArguments.Sendable(call));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
