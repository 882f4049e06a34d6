using System.Text.Json;
using System.Text.Json.Nodes;
using Minion.Contracts.Tools.V1;
using ModelContextProtocol.Protocol;
using Action = Minion.Contracts.Tools.V1.QuestionAnswer.Types.Action;
using InputRequest = Minion.Contracts.Tools.V1.InputRequest;

namespace Minion.Tools.Mcp.Calls;

/// <summary>Sampling and elicitation, as a run asks them: a model call in the agent's name, or a question to a person.</summary>
internal static class Questions
{
    private const int MostMessages = 100;
    private const int LongestText = 200_000;

    /// <summary>The request for whoever answers; null for a method that nobody answers.</summary>
    public static InputRequest? Read(string id, string method, JsonObject parameters) => method switch
    {
        ClientMethods.Sampling => new InputRequest { Id = id, Model = Sampling(parameters) },
        ClientMethods.Elicitation => new InputRequest { Id = id, Question = Elicitation(parameters) },
        _ => null,
    };

    /// <summary>The values that a form begins with; null when it has none.</summary>
    public static JsonObject? DefaultsOf(JsonObject parameters)
    {
        var defaults = new JsonObject();
        foreach (var (name, property) in (parameters["requestedSchema"] as JsonObject)?["properties"] as JsonObject ?? [])
        {
            if (property is JsonObject field && field["default"] is { } value)
            {
                defaults[name] = value.DeepClone();
            }
        }

        return defaults.Count > 0 ? defaults : null;
    }

    /// <summary>The answer as the server is given it; null when a model did not answer.</summary>
    public static JsonObject? Write(AskedQuestion asked, InputAnswer? answer) => asked.Method switch
    {
        ClientMethods.Sampling => answer?.Model is { } model ? Sampled(model) : null,
        ClientMethods.Roots => new JsonObject { ["roots"] = new JsonArray() },
        _ => Elicited(answer?.Question, asked.Defaults),
    };

    private static ModelRequest Sampling(JsonObject parameters)
    {
        var request = new ModelRequest
        {
            SystemPrompt = ServerText.Bounded(Text(parameters["systemPrompt"]), LongestText),
            MaxTokens = parameters["maxTokens"] is JsonValue most && most.TryGetValue<int>(out var tokens) ? Math.Max(0, tokens) : 0,
        };
        if (parameters["temperature"] is JsonValue warm && warm.TryGetValue<double>(out var temperature))
        {
            request.Temperature = temperature;
        }

        request.StopSequences.AddRange((parameters["stopSequences"] as JsonArray ?? []).Take(16).Select(Text).Where(text => text.Length is > 0 and <= 200));
        foreach (var message in (parameters["messages"] as JsonArray ?? []).OfType<JsonObject>().TakeLast(MostMessages))
        {
            request.Messages.Add(new ModelMessage
            {
                Role = Text(message["role"]) == "assistant" ? "assistant" : "user",
                Text = ServerText.Bounded(Content(message["content"]), LongestText),
            });
        }

        return request;
    }

    private static QuestionRequest Elicitation(JsonObject parameters) => new()
    {
        Message = ServerText.Bounded(Text(parameters["message"]), 10_000),
        Schema = parameters["requestedSchema"] is JsonObject schema ? schema.ToJsonString() : "",
        Url = ServerText.Clean(Text(parameters["url"]), 2_000),
    };

    private static JsonObject Sampled(ModelAnswer answer) => new()
    {
        ["role"] = "assistant",
        ["content"] = new JsonObject { ["type"] = "text", ["text"] = answer.Text },
        ["model"] = answer.Model.Length > 0 ? answer.Model : "unknown",
        ["stopReason"] = answer.StopReason switch
        {
            "max_tokens" => "maxTokens",
            "stop_sequence" => "stopSequence",
            _ => "endTurn",
        },
    };

    private static JsonObject Elicited(QuestionAnswer? answer, JsonObject? defaults)
    {
        var action = answer?.Action switch
        {
            Action.Accept => "accept",
            Action.Decline => "decline",
            _ => "cancel",
        };
        var result = new JsonObject { ["action"] = action };
        if (action == "accept")
        {
            var content = Parse(answer!.Content);
            foreach (var (name, value) in defaults ?? [])
            {
                if (!content.ContainsKey(name))
                {
                    content[name] = value?.DeepClone();
                }
            }

            result["content"] = content;
        }

        return result;
    }

    private static JsonObject Parse(string content)
    {
        try
        {
            return content.Length == 0 ? [] : JsonNode.Parse(content) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static string Content(JsonNode? content) => content switch
    {
        JsonArray list => string.Join("\n", list.Select(Content)),
        JsonObject { } block when Text(block["type"]) == "text" => Text(block["text"]),
        JsonObject block => $"[{ServerText.Clean(Text(block["type"]), 40)} {ServerText.Clean(Text(block["mimeType"]), 80)}]",
        _ => Text(content),
    };

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
