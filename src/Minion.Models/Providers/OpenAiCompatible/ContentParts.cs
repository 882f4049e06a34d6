using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Minion.Models.Providers.OpenAiCompatible;

/// <summary>A user's message with images, sounds or files: a list of parts instead of a text.</summary>
internal static class ContentParts
{
    /// <exception cref="ModelException">The message holds content that has no form on this wire.</exception>
    public static void ThrowIfUnknown(ChatMessage message, ModelDefinition definition)
    {
        foreach (var content in message.Contents)
        {
            if (content is not (TextContent or TextReasoningContent or FunctionCallContent or FunctionResultContent or UsageContent or ErrorContent) && !IsMedia(content))
            {
                throw new ModelException(
                    ModelErrorKind.InvalidRequest,
                    $"{definition.Described()} cannot be sent content of the kind {Kind(content)}.",
                    "Send text, images, PDF files, or sound as wav or mp3.");
            }
        }
    }

    /// <summary>Whether the message needs parts.</summary>
    public static bool Any(ChatMessage message) => message.Contents.Any(IsMedia);

    public static void Write(Utf8JsonWriter writer, ChatMessage message)
    {
        writer.WriteStartObject();
        writer.WriteString("role", message.Role.Value);
        writer.WriteStartArray("content");
        foreach (var content in message.Contents)
        {
            switch (content)
            {
                case TextContent { Text.Length: > 0 } text:
                    Start(writer, "text");
                    writer.WriteString("text", text.Text);
                    writer.WriteEndObject();
                    break;
                case DataContent or UriContent:
                    WriteMedia(writer, content);
                    break;
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteMedia(Utf8JsonWriter writer, AIContent content)
    {
        if (Format(content) is { } format)
        {
            var sound = (DataContent)content;
            Start(writer, "input_audio");
            writer.WriteStartObject("input_audio");
            writer.WriteBase64String("data", sound.Data.Span);
            writer.WriteString("format", format);
        }
        else if (content is DataContent { MediaType: "application/pdf" } file)
        {
            Start(writer, "file");
            writer.WriteStartObject("file");
            writer.WriteString("filename", file.Name ?? "document.pdf");
            writer.WriteString("file_data", file.Uri);
        }
        else
        {
            Start(writer, "image_url");
            writer.WriteStartObject("image_url");
            writer.WriteString("url", content is DataContent data ? data.Uri : ((UriContent)content).Uri.AbsoluteUri);
            if (content.AdditionalProperties?.GetValueOrDefault("detail") is string detail)
            {
                writer.WriteString("detail", detail);
            }
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Start(Utf8JsonWriter writer, string type)
    {
        writer.WriteStartObject();
        writer.WriteString("type", type);
    }

    private static bool IsMedia(AIContent content) => content switch
    {
        DataContent data => data.HasTopLevelMediaType("image") || data.MediaType == "application/pdf" || Format(data) is not null,
        UriContent link => link.HasTopLevelMediaType("image"),
        _ => false,
    };

    private static string? Format(AIContent content) => (content as DataContent)?.MediaType switch
    {
        "audio/wav" or "audio/x-wav" or "audio/wave" => "wav",
        "audio/mpeg" or "audio/mp3" => "mp3",
        _ => null,
    };

    private static string Kind(AIContent content) => content switch
    {
        DataContent data => data.MediaType,
        UriContent link => $"{link.MediaType} by its address",
        _ => content.GetType().Name,
    };
}
