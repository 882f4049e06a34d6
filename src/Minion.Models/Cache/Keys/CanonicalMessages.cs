using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Minion.Models.Cache;

/// <summary>Writes a conversation. A call's id is chance; what counts is which result belongs to which call.</summary>
internal static class CanonicalMessages
{
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<ChatMessage> messages)
    {
        var calls = new Dictionary<string, int>();
        writer.WriteStartArray();
        foreach (var message in messages)
        {
            writer.WriteStartObject();
            writer.WriteString("role", message.Role.Value);
            writer.WriteString("author", message.AuthorName);
            CanonicalValue.Write(writer, "more", message.AdditionalProperties);
            writer.WriteStartArray("contents");
            foreach (var content in message.Contents)
            {
                Write(writer, content, calls);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, AIContent content, Dictionary<string, int> calls)
    {
        writer.WriteStartObject();
        switch (content)
        {
            case TextContent text:
                writer.WriteString("text", text.Text);
                break;
            case TextReasoningContent reasoning:
                writer.WriteString("reasoning", reasoning.Text);
                writer.WriteString("protected", reasoning.ProtectedData);
                break;
            case FunctionCallContent call:
                calls.TryAdd(call.CallId, calls.Count);
                writer.WriteNumber("call", calls[call.CallId]);
                writer.WriteString("tool", call.Name);
                writer.WriteString("arguments", ToolCallArguments.RawOf(call));
                break;
            case FunctionResultContent result:
                calls.TryAdd(result.CallId, calls.Count);
                writer.WriteNumber("result_of", calls[result.CallId]);
                writer.WriteString("result", ToolResultText.Of(result));
                break;
            case DataContent data:
                writer.WriteString("media", data.MediaType);
                writer.WriteBase64String("data", SHA256.HashData(data.Data.Span));
                break;
            case UriContent uri:
                writer.WriteString("media", uri.MediaType);
                writer.WriteString("uri", uri.Uri.OriginalString);
                break;
            case UsageContent:
                break;
            default:
                throw new NotCacheableException($"content of the kind {content.GetType().Name}");
        }

        Properties(writer, content);
        writer.WriteEndObject();
    }

    /// <summary>A call's raw arguments are there already.</summary>
    private static void Properties(Utf8JsonWriter writer, AIContent content)
    {
        var more = content.AdditionalProperties?.Where(p => p.Key != ToolCallArguments.RawKey).ToList();
        if (more is { Count: > 0 } && content is not UsageContent)
        {
            CanonicalValue.Write(writer, "more", more);
        }
    }
}
