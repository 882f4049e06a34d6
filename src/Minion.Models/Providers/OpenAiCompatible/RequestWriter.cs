using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Minion.Models.Providers.OpenAiCompatible;

/// <summary>A call as the body of <c>POST /chat/completions</c>.</summary>
internal static class RequestWriter
{
    public static BinaryData Write(ModelDefinition definition, IEnumerable<ChatMessage> messages, ChatOptions? options, bool streamed)
    {
        var body = new JsonObject { ["model"] = definition.Model, ["messages"] = MessageWriter.Write(messages, options?.Instructions, definition) };
        if (streamed)
        {
            body["stream"] = true;
            body["stream_options"] = new JsonObject { ["include_usage"] = true };
        }

        if (options is not null)
        {
            AddOptions(body, options, definition);
            AddTools(body, options);
        }

        return new BinaryData(JsonSerializer.SerializeToUtf8Bytes(body));
    }

    private static void AddOptions(JsonObject body, ChatOptions options, ModelDefinition definition)
    {
        Add(body, "temperature", options.Temperature);
        Add(body, "top_p", options.TopP);
        Add(body, "frequency_penalty", options.FrequencyPenalty);
        Add(body, "presence_penalty", options.PresencePenalty);
        Add(body, "seed", options.Seed);
        // OpenAI's newer models refuse the old name, most other endpoints know no other.
        Add(body, new Uri(definition.Url!).Host.EndsWith("openai.com", StringComparison.OrdinalIgnoreCase) ? "max_completion_tokens" : "max_tokens", options.MaxOutputTokens);
        if (options.StopSequences is { Count: > 0 } stops)
        {
            body["stop"] = new JsonArray([.. stops.Select(s => (JsonNode)s)]);
        }

        if (options.ResponseFormat is ChatResponseFormatJson json)
        {
            body["response_format"] = json.Schema is { } schema
                ? new JsonObject
                {
                    ["type"] = "json_schema",
                    ["json_schema"] = new JsonObject { ["name"] = json.SchemaName ?? "answer", ["description"] = json.SchemaDescription, ["schema"] = JsonNode.Parse(schema.GetRawText()) },
                }
                : new JsonObject { ["type"] = "json_object" };
        }
    }

    private static void AddTools(JsonObject body, ChatOptions options)
    {
        var tools = (options.Tools ?? []).OfType<AIFunctionDeclaration>().ToList();
        if (tools.Count == 0)
        {
            return;
        }

        body["tools"] = new JsonArray([.. tools.Select(Tool)]);
        Add(body, "parallel_tool_calls", options.AllowMultipleToolCalls);
        body["tool_choice"] = options.ToolMode switch
        {
            NoneChatToolMode => "none",
            RequiredChatToolMode { RequiredFunctionName: { } name } =>
                new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = name } },
            RequiredChatToolMode => "required",
            _ => "auto",
        };
    }

    private static JsonObject Tool(AIFunctionDeclaration tool) => new()
    {
        ["type"] = "function",
        ["function"] = new JsonObject
        {
            ["name"] = tool.Name,
            ["description"] = tool.Description,
            ["parameters"] = JsonNode.Parse(tool.JsonSchema.GetRawText()),
        },
    };

    private static void Add<T>(JsonObject body, string name, T? value)
        where T : struct
    {
        if (value is { } given)
        {
            body[name] = JsonValue.Create(given);
        }
    }
}
