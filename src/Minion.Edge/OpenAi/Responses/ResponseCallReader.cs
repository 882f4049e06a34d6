using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Edge.OpenAi.Chat;
using Minion.Edge.OpenAi.Errors;
using Minion.Edge.OpenAi.Json;

namespace Minion.Edge.OpenAi.Responses;

/// <summary>Reads the body of <c>POST /v1/responses</c> (https://platform.openai.com/docs/api-reference/responses/create), its stateless core.</summary>
internal static class ResponseCallReader
{
    private static readonly (string Field, string Message)[] Stateful =
    [
        ("previous_response_id", "answers are not kept here; send the whole conversation as input."),
        ("conversation", "conversations are not kept here; send the whole conversation as input."),
        ("prompt", "prompts are not kept here; send instructions and input."),
    ];

    /// <exception cref="ApiErrorException">Says everything that is wrong.</exception>
    public static ResponseCall Read(JsonElement body)
    {
        var problems = new Problems();
        var request = new Fields(body, problems);
        var model = request.RequiredText("model");
        var messages = InputReader.Read(request);
        if (request.Text("instructions") is { Length: > 0 } instructions)
        {
            messages.Insert(0, new ChatMessage(ChatRole.System, instructions));
        }

        var options = ReadOptions(request);
        var streamed = request.Flag("stream") ?? false;
        RefuseWhatIsKept(request);
        problems.ThrowIfAny();
        return new ResponseCall(model, messages, options, streamed, body.Clone());
    }

    private static ChatOptions ReadOptions(Fields request)
    {
        var options = new ChatOptions
        {
            Temperature = (float?)request.Number("temperature", 0, 2),
            TopP = (float?)request.Number("top_p", 0, 1),
            MaxOutputTokens = (int?)request.Whole("max_output_tokens", 1, int.MaxValue),
        };
        ToolReader.Read(request, options, ToolReader.Flat);
        FormatReader.Read(request.Object("text")?.Object("format"), options, nested: false);
        ChatCallReader.PassOn(request, options);
        EffortReader.Read(request.Object("reasoning"), "effort", options);
        if (request.Object("text")?.Get("verbosity") is { } verbosity)
        {
            (options.AdditionalProperties ??= [])["verbosity"] = verbosity.Clone();
        }

        return options;
    }

    private static void RefuseWhatIsKept(Fields request)
    {
        foreach (var (field, message) in Stateful)
        {
            if (request.Get(field) is not null)
            {
                request.Wrong(field, message);
            }
        }

        if (request.Flag("store") ?? false)
        {
            request.Wrong("store", "answers are not kept here; leave it out or set it to false.");
        }

        if (request.Flag("background") ?? false)
        {
            request.Wrong("background", "answers are not kept here; stream it, or start a run of an agent.");
        }
    }
}
