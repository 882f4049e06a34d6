using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Edge.OpenAi.Answers;
using Minion.Edge.OpenAi.Errors;
using Minion.Edge.OpenAi.Json;

namespace Minion.Edge.OpenAi.Chat;

/// <summary>Reads the body of <c>POST /v1/chat/completions</c> (https://platform.openai.com/docs/api-reference/chat/create).</summary>
internal static class ChatCallReader
{
    private const int MostStops = 4;

    /// <exception cref="ApiErrorException">Says everything that is wrong.</exception>
    public static ChatCall Read(JsonElement body, int mostChoices)
    {
        var problems = new Problems();
        var request = new Fields(body, problems);
        var model = request.RequiredText("model");
        var messages = MessageReader.Read(request);
        var options = ReadOptions(request);
        var choices = (int)(request.Whole("n", 1, mostChoices) ?? 1);
        var streamed = request.Flag("stream") ?? false;
        var streamOptions = request.Object("stream_options");
        if (streamOptions is not null && !streamed)
        {
            request.Wrong("stream_options", "is for requests with stream: true only.");
        }

        RefuseWhatIsNotThere(request);
        problems.ThrowIfAny();
        return new ChatCall(model, messages, options, choices, streamed, streamOptions?.Flag("include_usage") ?? false);
    }

    private static ChatOptions ReadOptions(Fields request)
    {
        var options = new ChatOptions
        {
            Temperature = (float?)request.Number("temperature", 0, 2),
            TopP = (float?)request.Number("top_p", 0, 1),
            FrequencyPenalty = (float?)request.Number("frequency_penalty", -2, 2),
            PresencePenalty = (float?)request.Number("presence_penalty", -2, 2),
            Seed = request.Whole("seed", long.MinValue),
            MaxOutputTokens = (int?)(request.Whole("max_completion_tokens", 1, int.MaxValue) ?? request.Whole("max_tokens", 1, int.MaxValue)),
            StopSequences = ReadStops(request),
        };
        ToolReader.Read(request, options, ToolReader.Nested);
        FormatReader.Read(request.Object("response_format"), options, nested: true);
        EffortReader.Read(request, "reasoning_effort", options);
        ReadLogprobs(request, options);
        PassOn(request, options);
        return options;
    }

    private static List<string>? ReadStops(Fields request)
    {
        if (request.Get("stop") is not { } stop)
        {
            return null;
        }

        if (stop.ValueKind == JsonValueKind.String)
        {
            return [stop.GetString()!];
        }

        var isList = stop.ValueKind == JsonValueKind.Array && stop.GetArrayLength() is >= 1 and <= MostStops
            && stop.EnumerateArray().All(s => s.ValueKind == JsonValueKind.String && s.GetString()!.Length > 0);
        if (!isList)
        {
            request.Wrong("stop", $"must be a string, or a list of 1 to {MostStops} strings.");
            return null;
        }

        return [.. stop.EnumerateArray().Select(s => s.GetString()!)];
    }

    private static void ReadLogprobs(Fields request, ChatOptions options)
    {
        var wanted = request.Flag("logprobs") ?? false;
        var top = request.Whole("top_logprobs", 0, 20);
        if (top is not null && !wanted)
        {
            request.Wrong("top_logprobs", "needs logprobs: true.");
        }

        if (wanted)
        {
            (options.AdditionalProperties ??= [])[OptionNames.Logprobs] = true;
        }

        if (top is { } number)
        {
            (options.AdditionalProperties ??= [])[OptionNames.TopLogprobs] = (int)number;
        }
    }

    /// <summary>What only the provider can judge.</summary>
    public static void PassOn(Fields request, ChatOptions options)
    {
        foreach (var name in OptionNames.PassedOn)
        {
            if (request.Get(name) is { } value)
            {
                (options.AdditionalProperties ??= [])[name] = value.Clone();
            }
        }
    }

    private static void RefuseWhatIsNotThere(Fields request)
    {
        if (request.Get("store") is { ValueKind: JsonValueKind.True })
        {
            request.Wrong("store", "answers are not kept here; leave it out.");
        }

        if (request.Get("functions") is not null || request.Get("function_call") is not null)
        {
            request.Wrong(request.Get("functions") is not null ? "functions" : "function_call", "is the form before tools; use tools and tool_choice.");
        }

        if (request.Get("audio") is not null || request.Items("modalities").Any(m => m.Json.ValueKind == JsonValueKind.String && m.Json.GetString() == "audio"))
        {
            request.Wrong("modalities", "answers are text only.");
        }

        if (request.Get("web_search_options") is not null)
        {
            request.Wrong("web_search_options", "is not supported; ask an agent that has a tool for it.");
        }
    }
}
