using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.Gemini;

/// <summary>The contents of a message as <c>parts</c>.</summary>
internal static class GeminiPartWriter
{
    /// <summary>What Google documents for calls that carry no signature, because another model made them (https://ai.google.dev/gemini-api/docs/thought-signatures).</summary>
    private const string NoSignature = "skip_thought_signature_validator";

    /// <param name="writer">Where to.</param>
    /// <param name="message">The message.</param>
    /// <param name="tools">The tools of the calls so far, by the calls' ids: a result names its tool.</param>
    /// <param name="definition">The model.</param>
    public static void Write(Utf8JsonWriter writer, ChatMessage message, Dictionary<string, string> tools, ModelDefinition definition)
    {
        var firstCall = true;
        foreach (var content in message.Contents)
        {
            switch (content)
            {
                case TextContent text:
                    writer.WriteStartObject();
                    writer.WriteString("text", text.Text);
                    writer.WriteEndObject();
                    break;
                case FunctionCallContent call:
                    tools[call.CallId] = call.Name;
                    WriteCall(writer, call, firstCall && WantsSignature(definition));
                    firstCall = false;
                    break;
                case FunctionResultContent result:
                    WriteResult(writer, result, tools.GetValueOrDefault(result.CallId, result.CallId));
                    break;
                case DataContent or UriContent:
                    WriteMedia(writer, content);
                    break;
                case TextReasoningContent or UsageContent or ErrorContent:
                    break;
                default:
                    throw new ModelException(
                        ModelErrorKind.InvalidRequest, $"{definition.Described()} cannot be sent content of the kind {content.GetType().Name}.", "Send text, images, sound, video or files.");
            }
        }
    }

    private static void WriteCall(Utf8JsonWriter writer, FunctionCallContent call, bool signed)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("functionCall");
        writer.WriteString("id", call.CallId);
        writer.WriteString("name", call.Name);
        writer.WritePropertyName("args");
        writer.WriteRawValue(ToolCallArguments.Sendable(call));
        writer.WriteEndObject();
        if (call.AdditionalProperties?.GetValueOrDefault(GeminiParts.SignatureKey)?.ToString() is { } signature)
        {
            writer.WriteString("thoughtSignature", signature);
        }
        else if (signed)
        {
            writer.WriteString("thoughtSignature", NoSignature);
        }

        writer.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter writer, FunctionResultContent result, string tool)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("functionResponse");
        writer.WriteString("id", result.CallId);
        writer.WriteString("name", tool);
        writer.WritePropertyName("response");
        GeminiResult.Write(writer, ToolResultText.Of(result));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteMedia(Utf8JsonWriter writer, AIContent content)
    {
        writer.WriteStartObject();
        if (content is DataContent data)
        {
            writer.WriteStartObject("inlineData");
            writer.WriteString("mimeType", data.MediaType);
            writer.WriteBase64String("data", data.Data.Span);
        }
        else
        {
            var link = (UriContent)content;
            writer.WriteStartObject("fileData");
            writer.WriteString("mimeType", link.MediaType);
            writer.WriteString("fileUri", link.Uri.AbsoluteUri);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>From its third generation on Gemini refuses a call without one.</summary>
    private static bool WantsSignature(ModelDefinition definition) =>
        definition.Model!.Contains("gemini-", StringComparison.Ordinal)
        && !definition.Model.Contains("gemini-1", StringComparison.Ordinal) && !definition.Model.Contains("gemini-2", StringComparison.Ordinal);
}
