using System.Text;
using System.Text.Json;

namespace Minion.Edge.OpenAi.Responses;

/// <summary>An item of a response's output.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Its id.</param>
internal sealed record OutputItem(OutputKind Kind, string Id)
{
    /// <summary>The text of a message or a thought, or a call's arguments.</summary>
    public StringBuilder Text { get; } = new();

    /// <summary>The id by which a call's output refers to it.</summary>
    public string CallId { get; init; } = "";

    /// <summary>The called function.</summary>
    public string Name { get; init; } = "";

    /// <summary>Writes it as it is, or, while it has only begun, without its contents.</summary>
    public void Write(Utf8JsonWriter writer, bool begun = false)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, Id);
        switch (Kind)
        {
            case OutputKind.Message:
                writer.WriteString("type"u8, "message"u8);
                writer.WriteString("role"u8, "assistant"u8);
                WriteContent(writer, "content"u8, begun);
                break;
            case OutputKind.Reasoning:
                writer.WriteString("type"u8, "reasoning"u8);
                writer.WriteStartArray("summary"u8);
                writer.WriteEndArray();
                WriteContent(writer, "content"u8, begun);
                break;
            default:
                writer.WriteString("type"u8, "function_call"u8);
                writer.WriteString("call_id"u8, CallId);
                writer.WriteString("name"u8, Name);
                writer.WriteString("arguments"u8, begun ? "" : Text.ToString());
                break;
        }

        writer.WriteString("status"u8, begun ? "in_progress"u8 : "completed"u8);
        writer.WriteEndObject();
    }

    /// <summary>The only part of its content.</summary>
    public void WritePart(Utf8JsonWriter writer, bool begun = false)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, Kind == OutputKind.Message ? "output_text"u8 : "reasoning_text"u8);
        writer.WriteString("text"u8, begun ? "" : Text.ToString());
        if (Kind == OutputKind.Message)
        {
            writer.WriteStartArray("annotations"u8);
            writer.WriteEndArray();
            writer.WriteStartArray("logprobs"u8);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private void WriteContent(Utf8JsonWriter writer, ReadOnlySpan<byte> name, bool begun)
    {
        writer.WriteStartArray(name);
        if (!begun)
        {
            WritePart(writer);
        }

        writer.WriteEndArray();
    }
}

/// <summary>The kinds of output that a model's answer has.</summary>
internal enum OutputKind
{
    /// <summary>What it says.</summary>
    Message,

    /// <summary>What it thought.</summary>
    Reasoning,

    /// <summary>A function that it calls.</summary>
    Call,
}
