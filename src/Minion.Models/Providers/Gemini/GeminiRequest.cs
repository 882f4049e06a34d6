using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.Gemini;

/// <summary>A call as a <c>GenerateContentRequest</c> (https://ai.google.dev/api/generate-content).</summary>
internal static class GeminiRequest
{
    public static HttpRequestMessage Write(ModelDefinition definition, IEnumerable<ChatMessage> messages, ChatOptions? options, bool streamed) =>
        JsonRequest.Post(
            GeminiEndpoint.Method(definition, streamed ? "streamGenerateContent?alt=sse" : "generateContent"),
            (definition, messages: messages as IReadOnlyList<ChatMessage> ?? [.. messages], options),
            static (writer, call) =>
            {
                GeminiContents.Write(writer, call.messages, call.options?.Instructions, call.definition);
                if (call.options is { } options)
                {
                    WriteTools(writer, options);
                    WriteConfiguration(writer, options);
                }
            });

    private static void WriteTools(Utf8JsonWriter writer, ChatOptions options)
    {
        if (options.Tools?.OfType<AIFunctionDeclaration>().Any() != true)
        {
            return;
        }

        writer.WriteStartArray("tools");
        writer.WriteStartObject();
        writer.WriteStartArray("functionDeclarations");
        foreach (var tool in options.Tools.OfType<AIFunctionDeclaration>())
        {
            writer.WriteStartObject();
            writer.WriteString("name", tool.Name);
            writer.WriteString("description", tool.Description);
            writer.Write("parametersJsonSchema", tool.JsonSchema);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();

        writer.WriteStartObject("toolConfig");
        writer.WriteStartObject("functionCallingConfig");
        writer.WriteString("mode", options.ToolMode switch { NoneChatToolMode => "NONE", RequiredChatToolMode => "ANY", _ => "AUTO" });
        if (options.ToolMode is RequiredChatToolMode { RequiredFunctionName: { } name })
        {
            writer.WriteGiven("allowedFunctionNames", [name]);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteConfiguration(Utf8JsonWriter writer, ChatOptions options)
    {
        writer.WriteStartObject("generationConfig");
        writer.WriteGiven("temperature", options.Temperature);
        writer.WriteGiven("topP", options.TopP);
        writer.WriteGiven("topK", (long?)options.TopK);
        writer.WriteGiven("maxOutputTokens", (long?)options.MaxOutputTokens);
        writer.WriteGiven("stopSequences", options.StopSequences);
        writer.WriteGiven("seed", options.Seed);
        writer.WriteGiven("presencePenalty", options.PresencePenalty);
        writer.WriteGiven("frequencyPenalty", options.FrequencyPenalty);
        if (options.ResponseFormat is ChatResponseFormatJson json)
        {
            writer.WriteString("responseMimeType", "application/json");
            if (json.Schema is { } schema)
            {
                writer.Write("responseJsonSchema", schema);
            }
        }

        if (options.Reasoning is { } reasoning)
        {
            writer.WriteStartObject("thinkingConfig");
            writer.WriteBoolean("includeThoughts", reasoning.Output is not (null or ReasoningOutput.None));
            writer.WriteGiven("thinkingBudget", Budget(reasoning.Effort));
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    /// <summary>The budgets that Google's own OpenAI-compatible endpoint takes efforts for (https://ai.google.dev/gemini-api/docs/openai).</summary>
    private static long? Budget(ReasoningEffort? effort) => effort switch
    {
        ReasoningEffort.None => 0,
        ReasoningEffort.Low => 1024,
        ReasoningEffort.Medium => 8192,
        ReasoningEffort.High or ReasoningEffort.ExtraHigh => 24576,
        _ => null,
    };
}
