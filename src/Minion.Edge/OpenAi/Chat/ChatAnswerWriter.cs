using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Minion.Edge.OpenAi.Answers;
using Minion.Edge.OpenAi.Json;
using Minion.Models;

namespace Minion.Edge.OpenAi.Chat;

/// <summary>Writes a whole completion.</summary>
internal static class ChatAnswerWriter
{
    public static async Task WriteAsync(HttpContext context, ChatHead head, IReadOnlyList<Answer> answers)
    {
        context.Response.ContentType = "application/json";
        using (var writer = new Utf8JsonWriter(context.Response.BodyWriter, JsonForm.Writer))
        {
            writer.WriteStartObject();
            head.Write(writer, "chat.completion"u8, answers[0].Model);
            writer.WriteStartArray("choices"u8);
            for (var i = 0; i < answers.Count; i++)
            {
                WriteChoice(writer, i, answers[i]);
            }

            writer.WriteEndArray();
            var usage = answers[0].Usage;
            var notes = answers[0].Notes;
            foreach (var other in answers.Skip(1))
            {
                usage.Add(other.Usage);
            }

            UsageWriter.Write(writer, usage);
            notes.Write(writer);
            writer.WriteEndObject();
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static void WriteChoice(Utf8JsonWriter writer, int index, Answer answer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("index"u8, index);
        writer.WriteStartObject("message"u8);
        writer.WriteString("role"u8, "assistant"u8);
        var text = answer.Text;
        if (text.Length > 0 || answer.Calls.Count == 0)
        {
            writer.WriteString("content"u8, text);
        }
        else
        {
            writer.WriteNull("content"u8);
        }

        writer.WriteNull("refusal"u8);
        if (answer.Reasoning is { Length: > 0 } reasoning)
        {
            writer.WriteString("reasoning_content"u8, reasoning);
        }

        if (answer.Calls.Count > 0)
        {
            writer.WriteStartArray("tool_calls"u8);
            foreach (var call in answer.Calls)
            {
                writer.WriteStartObject();
                WriteCall(writer, call);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WritePropertyName("logprobs"u8);
        WriteLogprobs(writer, answer.Logprobs);
        writer.WriteString("finish_reason"u8, answer.Finish.Text);
        writer.WriteEndObject();
    }

    public static void WriteCall(Utf8JsonWriter writer, FunctionCallContent call)
    {
        writer.WriteString("id"u8, call.CallId);
        writer.WriteString("type"u8, "function"u8);
        writer.WriteStartObject("function"u8);
        writer.WriteString("name"u8, call.Name);
        writer.WriteString("arguments"u8, ToolCallArguments.RawOf(call));
        writer.WriteEndObject();
    }

    /// <summary>As the provider gave them, with the members that the API promises.</summary>
    public static void WriteLogprobs(Utf8JsonWriter writer, JsonElement? given)
    {
        if (given is not { ValueKind: JsonValueKind.Object } logprobs)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        foreach (var name in new[] { "content", "refusal" })
        {
            writer.WritePropertyName(name);
            if (logprobs.TryGetProperty(name, out var list))
            {
                list.WriteTo(writer);
            }
            else
            {
                writer.WriteNullValue();
            }
        }

        writer.WriteEndObject();
    }
}
