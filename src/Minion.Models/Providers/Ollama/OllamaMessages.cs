using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Minion.Models.Providers.Ollama;

/// <summary>A conversation as the <c>messages</c> of a request: images are base64 beside the text, results name their tool and not their call.</summary>
internal static class OllamaMessages
{
    public static void Write(Utf8JsonWriter writer, IEnumerable<ChatMessage> messages, string? instructions, ModelDefinition definition)
    {
        var tools = new Dictionary<string, string>();
        writer.WriteStartArray("messages");
        if (!string.IsNullOrEmpty(instructions))
        {
            Start(writer, "system", instructions);
            writer.WriteEndObject();
        }

        foreach (var message in messages)
        {
            ThrowIfUnknown(message, definition);
            foreach (var call in message.Contents.OfType<FunctionCallContent>())
            {
                tools[call.CallId] = call.Name;
            }

            Write(writer, message, tools);
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, ChatMessage message, Dictionary<string, string> tools)
    {
        foreach (var result in message.Contents.OfType<FunctionResultContent>())
        {
            Start(writer, "tool", ToolResultText.Of(result));
            if (tools.TryGetValue(result.CallId, out var tool))
            {
                writer.WriteString("tool_name", tool);
            }

            writer.WriteEndObject();
        }

        if (message.Role == ChatRole.Tool)
        {
            return;
        }

        Start(writer, message.Role.Value, message.Text);
        WriteImages(writer, message);
        WriteCalls(writer, message);
        writer.WriteEndObject();
    }

    private static void WriteImages(Utf8JsonWriter writer, ChatMessage message)
    {
        if (!message.Contents.Any(c => c is DataContent))
        {
            return;
        }

        writer.WriteStartArray("images");
        foreach (var image in message.Contents.OfType<DataContent>())
        {
            writer.WriteBase64StringValue(image.Data.Span);
        }

        writer.WriteEndArray();
    }

    private static void WriteCalls(Utf8JsonWriter writer, ChatMessage message)
    {
        if (!message.Contents.Any(c => c is FunctionCallContent))
        {
            return;
        }

        writer.WriteStartArray("tool_calls");
        foreach (var call in message.Contents.OfType<FunctionCallContent>())
        {
            writer.WriteStartObject();
            writer.WriteStartObject("function");
            writer.WriteString("name", call.Name);
            writer.WritePropertyName("arguments");
            writer.WriteRawValue(ToolCallArguments.Sendable(call));
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Start(Utf8JsonWriter writer, string role, string text)
    {
        writer.WriteStartObject();
        writer.WriteString("role", role);
        writer.WriteString("content", text);
    }

    private static void ThrowIfUnknown(ChatMessage message, ModelDefinition definition)
    {
        foreach (var content in message.Contents)
        {
            if (content is not (TextContent or TextReasoningContent or FunctionCallContent or FunctionResultContent or UsageContent or ErrorContent)
                && (content as DataContent)?.HasTopLevelMediaType("image") != true)
            {
                throw new ModelException(
                    ModelErrorKind.InvalidRequest,
                    $"{definition.Described()} cannot be sent content of the kind {(content as DataContent)?.MediaType ?? content.GetType().Name}.",
                    "Send text, or images themselves: Ollama fetches no addresses.");
            }
        }
    }
}
