using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.Gemini;

/// <summary>
/// A conversation as <c>systemInstruction</c> and <c>contents</c>. Messages of one role that follow each other become one content: the
/// results of parallel calls must stand together.
/// </summary>
internal static class GeminiContents
{
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<ChatMessage> messages, string? instructions, ModelDefinition definition)
    {
        WriteInstruction(writer, messages, instructions);
        var tools = new Dictionary<string, string>();
        string? open = null;
        writer.WriteStartArray("contents");
        foreach (var message in messages.Where(m => m.Role != ChatRole.System && m.Contents.Count > 0))
        {
            var role = message.Role == ChatRole.Assistant ? "model" : "user";
            if (role != open)
            {
                if (open is not null)
                {
                    End(writer);
                }

                writer.WriteStartObject();
                writer.WriteString("role", role);
                writer.WriteStartArray("parts");
                open = role;
            }

            GeminiPartWriter.Write(writer, message, tools, definition);
        }

        if (open is not null)
        {
            End(writer);
        }

        writer.WriteEndArray();
    }

    private static void WriteInstruction(Utf8JsonWriter writer, IReadOnlyList<ChatMessage> messages, string? instructions)
    {
        var texts = messages.Where(m => m.Role == ChatRole.System).Select(m => m.Text).Prepend(instructions ?? "").Where(t => t.Length > 0).ToList();
        if (texts.Count == 0)
        {
            return;
        }

        writer.WriteStartObject("systemInstruction");
        writer.WriteStartArray("parts");
        foreach (var text in texts)
        {
            writer.WriteStartObject();
            writer.WriteString("text", text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void End(Utf8JsonWriter writer)
    {
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
