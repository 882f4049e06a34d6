using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Minion.Models.Cache;

/// <summary>Writes everything of a request's options that changes the answer.</summary>
internal static class CanonicalOptions
{
    public static void Write(Utf8JsonWriter writer, ChatOptions? options)
    {
        writer.WriteStartObject();
        if (options is not null)
        {
            Refuse(options);
            writer.WriteString("model", options.ModelId);
            writer.WriteString("instructions", options.Instructions);
            Number(writer, "temperature", options.Temperature);
            Number(writer, "top_p", options.TopP);
            Number(writer, "top_k", options.TopK);
            Number(writer, "max_output_tokens", options.MaxOutputTokens);
            Number(writer, "frequency_penalty", options.FrequencyPenalty);
            Number(writer, "presence_penalty", options.PresencePenalty);
            Number(writer, "seed", options.Seed);
            CanonicalValue.Write(writer, "stop", options.StopSequences?.Order(StringComparer.Ordinal).ToList());
            CanonicalValue.Write(writer, "reasoning", options.Reasoning is { } reasoning ? new[] { reasoning.Effort?.ToString(), reasoning.Output?.ToString() } : null);
            Format(writer, options.ResponseFormat);
            Tools(writer, options);
            CanonicalValue.Write(writer, "more", options.AdditionalProperties);
        }

        writer.WriteEndObject();
    }

    private static void Refuse(ChatOptions options)
    {
        if (options.GetType() != typeof(ChatOptions))
        {
            throw new NotCacheableException("options of a kind of their own");
        }

        if (options.ConversationId is not null)
        {
            throw new NotCacheableException("a conversation that the provider keeps");
        }

        if (options.RawRepresentationFactory is not null)
        {
            throw new NotCacheableException("a request that the caller makes himself");
        }

#pragma warning disable MEAI001 // Background answers are experimental there; here they only must not be missed.
        if (options.ContinuationToken is not null || options.AllowBackgroundResponses is not null)
#pragma warning restore MEAI001
        {
            throw new NotCacheableException("an answer in the background");
        }
    }

    private static void Format(Utf8JsonWriter writer, ChatResponseFormat? format)
    {
        writer.WritePropertyName("format");
        switch (format)
        {
            case null or ChatResponseFormatText:
                writer.WriteNullValue();
                break;
            case ChatResponseFormatJson json:
                writer.WriteStartObject();
                writer.WriteString("name", json.SchemaName);
                writer.WriteString("description", json.SchemaDescription);
                CanonicalValue.Write(writer, "schema", json.Schema);
                writer.WriteEndObject();
                break;
            default:
                throw new NotCacheableException("an unknown format");
        }
    }

    private static void Tools(Utf8JsonWriter writer, ChatOptions options)
    {
        CanonicalValue.Write(writer, "several_calls", options.AllowMultipleToolCalls);
        writer.WriteString("tool_mode", options.ToolMode switch
        {
            null or AutoChatToolMode => null,
            NoneChatToolMode => "none",
            RequiredChatToolMode required => $"required {required.RequiredFunctionName}",
            _ => throw new NotCacheableException("an unknown tool mode"),
        });
        writer.WriteStartArray("tools");
        foreach (var tool in (options.Tools ?? []).OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            if (tool is not AIFunctionDeclaration function)
            {
                throw new NotCacheableException("a tool of the provider's own");
            }

            writer.WriteStartObject();
            writer.WriteString("name", function.Name);
            writer.WriteString("description", function.Description);
            CanonicalValue.Write(writer, "schema", function.JsonSchema);
            CanonicalValue.Write(writer, "returns", function.ReturnJsonSchema);
            CanonicalValue.Write(writer, "more", function.AdditionalProperties.Count > 0 ? function.AdditionalProperties : null);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }

    private static void Number(Utf8JsonWriter writer, string name, long? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }
}
