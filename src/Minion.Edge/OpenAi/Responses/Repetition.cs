using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Edge.OpenAi.Answers;
using Minion.Edge.OpenAi.Chat;

namespace Minion.Edge.OpenAi.Responses;

/// <summary>What a response repeats of its request.</summary>
internal static class Repetition
{
    public static void Write(Utf8JsonWriter writer, ResponseCall call)
    {
        var said = call.Said;
        Repeat(writer, said, "instructions", "null"u8);
        Repeat(writer, said, "max_output_tokens", "null"u8);
        Repeat(writer, said, "parallel_tool_calls", "true"u8);
        writer.WriteNull("previous_response_id"u8);
        Repeat(writer, said, "metadata", "{}"u8);
        Repeat(writer, said, "temperature", "1"u8);
        Repeat(writer, said, "top_p", "1"u8);
        Repeat(writer, said, "tool_choice", "\"auto\""u8);
        writer.WriteStartArray("tools"u8);
        foreach (var tool in call.Options.Tools?.OfType<ClientTool>() ?? [])
        {
            Write(writer, tool);
        }

        writer.WriteEndArray();
        Repeat(writer, said, "text", "{\"format\":{\"type\":\"text\"}}"u8);
        Repeat(writer, said, "reasoning", "null"u8);
        writer.WriteString("truncation"u8, "disabled"u8);
        writer.WriteBoolean("background"u8, false);
        writer.WriteBoolean("store"u8, false);
    }

    private static void Write(Utf8JsonWriter writer, ClientTool tool)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "function"u8);
        writer.WriteString("name"u8, tool.Name);
        writer.WriteString("description"u8, tool.Description);
        writer.WritePropertyName("parameters"u8);
        tool.JsonSchema.WriteTo(writer);
        writer.WriteBoolean("strict"u8, tool.AdditionalProperties.GetValueOrDefault(OptionNames.Strict) is true);
        writer.WriteEndObject();
    }

    private static void Repeat(Utf8JsonWriter writer, JsonElement said, string name, ReadOnlySpan<byte> otherwise)
    {
        writer.WritePropertyName(name);
        if (said.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null)
        {
            value.WriteTo(writer);
        }
        else
        {
            writer.WriteRawValue(otherwise, skipInputValidation: true);
        }
    }
}
