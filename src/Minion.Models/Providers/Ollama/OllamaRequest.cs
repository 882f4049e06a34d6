using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Models.Providers.Http;
using Minion.Models.Providers.OpenAiCompatible;

namespace Minion.Models.Providers.Ollama;

/// <summary>A call as the body of <c>POST /api/chat</c>. Ollama has no tool choice: a model that must call no tool is given none.</summary>
internal static class OllamaRequest
{
    public static HttpRequestMessage Write(ModelDefinition definition, IEnumerable<ChatMessage> messages, ChatOptions? options, bool streamed) =>
        JsonRequest.Post(
            Addresses.Below(definition.Url!, "/api/chat"),
            (definition, messages, options, streamed),
            static (writer, call) =>
            {
                writer.WriteString("model", call.definition.Model);
                writer.WriteBoolean("stream", call.streamed);

                // Rather an error than an answer to half of the conversation.
                writer.WriteBoolean("truncate", false);
                OllamaMessages.Write(writer, call.messages, call.options?.Instructions, call.definition);
                if (call.options is { } options)
                {
                    WriteOptions(writer, options);
                }
            });

    private static void WriteOptions(Utf8JsonWriter writer, ChatOptions options)
    {
        if (options.ToolMode is not NoneChatToolMode && options.Tools?.OfType<AIFunctionDeclaration>().Any() == true)
        {
            ToolWriter.WriteTools(writer, options.Tools);
        }

        if (options.ResponseFormat is ChatResponseFormatJson { Schema: { } schema })
        {
            writer.Write("format", schema);
        }
        else if (options.ResponseFormat is ChatResponseFormatJson)
        {
            writer.WriteString("format", "json");
        }

        if (options.Reasoning?.Effort is { } effort)
        {
            writer.WriteBoolean("think", effort != ReasoningEffort.None);
        }

        writer.WriteStartObject("options");
        writer.WriteGiven("temperature", options.Temperature);
        writer.WriteGiven("top_p", options.TopP);
        writer.WriteGiven("top_k", (long?)options.TopK);
        writer.WriteGiven("frequency_penalty", options.FrequencyPenalty);
        writer.WriteGiven("presence_penalty", options.PresencePenalty);
        writer.WriteGiven("seed", options.Seed);
        writer.WriteGiven("num_predict", (long?)options.MaxOutputTokens);
        writer.WriteGiven("stop", options.StopSequences);
        writer.WriteEndObject();
    }
}
