using System.Text.Json.Nodes;
using Minion.Testing.OpenAi;

namespace Minion.Testing.Vendors;

/// <summary>
/// Mistral (https://docs.mistral.ai/api): refuses what it does not know, counts tokens in the last chunk unasked, makes each tool call whole in
/// one chunk, and gives thoughts as parts of the content.
/// </summary>
public sealed class MistralWire : OpenAiWire
{
    private static readonly string[] Known =
    [
        "model", "messages", "stream", "temperature", "top_p", "max_tokens", "stop", "random_seed", "response_format", "tools", "tool_choice",
        "parallel_tool_calls", "presence_penalty", "frequency_penalty", "n", "prediction", "prompt_mode", "safe_prompt", "reasoning_effort",
        "input", "encoding_format", "output_dimension", "output_dtype", "metadata",
    ];

    public override string? ErrorFrame => Event(Text("Service unavailable.", "internal_server_error", "3700"));

    public override string Whole(VendorRequest request, FakeAnswer answer) => Refused(request) ?? base.Whole(request, answer);

    public override IEnumerable<string> Frames(VendorRequest request, FakeAnswer answer)
    {
        if (Refused(request) is { } refused)
        {
            throw new InvalidOperationException(refused);
        }

        // The chunk that says why it ended also counts.
        var asked = request with { Body = Parse(Asking(request)) };
        return base.Frames(asked, answer with { Pieces = 1 });
    }

    public override (int Status, string Body) Error(VendorError error) => error switch
    {
        VendorError.RateLimited => (429, Json(new { message = "Requests rate limit exceeded" })),
        VendorError.ContextOverflow => (400, Text("Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length", "invalid_request_prompt", "3051")),
        VendorError.BadKey => (401, Json(new { detail = "Unauthorized" })),
        VendorError.UnknownModel => (400, Text("Invalid model: m", "invalid_model", "1500")),
        VendorError.Overloaded => (503, Text("Service unavailable.", "internal_server_error", "3700")),
        _ => (500, Text("Internal server error", "internal_server_error", "3000")),
    };

    public override (int Status, string Body) Refusal(bool streamed) =>
        (403, Text("The request was blocked by a moderation guardrail.", "guardrail_violation", "3600"));

    public override string Embeddings(VendorRequest request)
    {
        var body = JsonNode.Parse(request.Body.GetRawText())!.AsObject();
        if (body["output_dimension"] is { } dimensions)
        {
            body["dimensions"] = dimensions.DeepClone();
        }

        return Refused(request) ?? EmbeddingsWire.Answer(Parse(body.ToJsonString()));
    }

    protected override void Change(JsonObject json, bool whole)
    {
        foreach (var choice in json["choices"]!.AsArray())
        {
            var message = choice![whole ? "message" : "delta"]!.AsObject();
            if (message["reasoning_content"]?.GetValue<string>() is { } reasoning)
            {
                message.Remove("reasoning_content");
                var thinking = new JsonObject { ["type"] = "thinking", ["thinking"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = reasoning }) };
                var text = message["content"]?.GetValue<string>();
                message["content"] = text is null ? new JsonArray(thinking) : new JsonArray(thinking, new JsonObject { ["type"] = "text", ["text"] = text });
            }
        }
    }

    private static string? Refused(VendorRequest request)
    {
        var unknown = request.Body.EnumerateObject().Select(p => p.Name).Except(Known).ToList();
        return unknown.Count == 0 ? null : Json(new { detail = unknown.Select(u => new { type = "extra_forbidden", loc = new[] { "body", u }, msg = "Extra inputs are not permitted" }) });
    }

    private static string Asking(VendorRequest request)
    {
        var body = JsonNode.Parse(request.Body.GetRawText())!.AsObject();
        body["stream_options"] = new JsonObject { ["include_usage"] = true };
        return body.ToJsonString();
    }

    private static string Text(string message, string type, string code) => Json(new { @object = "error", message, type, param = (string?)null, code });
}
