using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.OpenAiCompatible;

/// <summary>A call as <c>POST /chat/completions</c> (https://platform.openai.com/docs/api-reference/chat/create).</summary>
internal static class RequestWriter
{
    public static HttpRequestMessage Write(ModelDefinition definition, IEnumerable<ChatMessage> messages, ChatOptions? options, bool streamed, Dialect dialect) =>
        JsonRequest.Post(
            Addresses.Below(definition.Url!, "/chat/completions"),
            (definition, messages, options, streamed, dialect),
            static (writer, call) =>
            {
                writer.WriteString("model", call.definition.Model);
                MessageWriter.Write(writer, call.messages, call.options?.Instructions, call.definition, call.dialect);
                if (call.streamed)
                {
                    WriteStreamed(writer, call.dialect);
                }

                if (call.options is { } options)
                {
                    WriteOptions(writer, options, call.dialect);
                    ToolWriter.Write(writer, options, call.dialect);
                }
            });

    private static void WriteStreamed(Utf8JsonWriter writer, Dialect dialect)
    {
        writer.WriteBoolean("stream", true);
        if (dialect.StreamOptions)
        {
            writer.WriteStartObject("stream_options");
            writer.WriteBoolean("include_usage", true);
            writer.WriteEndObject();
        }
    }

    private static void WriteOptions(Utf8JsonWriter writer, ChatOptions options, Dialect dialect)
    {
        writer.WriteGiven("temperature", options.Temperature);
        writer.WriteGiven("top_p", options.TopP);
        writer.WriteGiven("frequency_penalty", options.FrequencyPenalty);
        writer.WriteGiven("presence_penalty", options.PresencePenalty);
        writer.WriteGiven(dialect.Seed, options.Seed);
        writer.WriteGiven(dialect.MaxTokens, (long?)options.MaxOutputTokens);
        writer.WriteGiven("stop", options.StopSequences);
        ExtraOptions.Write(writer, options, dialect.Extras);
        if (options.ResponseFormat is ChatResponseFormatJson json)
        {
            WriteFormat(writer, json, options.AdditionalProperties?.GetValueOrDefault(ExtraOptions.Strict) as bool?);
        }
    }

    private static void WriteFormat(Utf8JsonWriter writer, ChatResponseFormatJson format, bool? strict)
    {
        writer.WriteStartObject("response_format");
        writer.WriteString("type", format.Schema is null ? "json_object" : "json_schema");
        if (format.Schema is { } schema)
        {
            writer.WriteStartObject("json_schema");
            writer.WriteString("name", format.SchemaName ?? "answer");
            if (format.SchemaDescription is { } description)
            {
                writer.WriteString("description", description);
            }

            writer.Write("schema", schema);
            if (strict is { } given)
            {
                writer.WriteBoolean("strict", given);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
