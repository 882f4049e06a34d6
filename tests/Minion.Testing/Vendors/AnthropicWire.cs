using System.Text.Json.Nodes;
using Minion.Testing.OpenAi;

namespace Minion.Testing.Vendors;

/// <summary>Anthropic (https://platform.claude.com/docs/en/api/messages, …/build-with-claude/streaming, …/api/errors).</summary>
public sealed class AnthropicWire : VendorWire
{
    public override string BasePath => "";

    public override string? ErrorFrame => Event("error", Parse(Text("overloaded_error", "Overloaded")));

    public override bool Knows(string path) => path == "/v1/messages";

    public override bool WantsEmbeddings(VendorRequest request) => false;

    public override bool WantsStream(VendorRequest request) => request.Body.TryGetProperty("stream", out var stream) && stream.GetBoolean();

    public override string? Key(VendorRequest request) =>
        request.Headers.GetValueOrDefault("x-api-key") ?? request.Headers.GetValueOrDefault("Authorization")?.Replace("Bearer ", "", StringComparison.Ordinal);

    public override string Whole(VendorRequest request, FakeAnswer answer)
    {
        var content = new JsonArray();
        if (answer.Reasoning.Length > 0)
        {
            content.Add(new JsonObject { ["type"] = "thinking", ["thinking"] = answer.Reasoning, ["signature"] = "c2lnbmF0dXJl" });
        }

        if (answer.Text.Length > 0)
        {
            content.Add(new JsonObject { ["type"] = "text", ["text"] = answer.Text });
        }

        foreach (var call in answer.ToolCalls)
        {
            content.Add(new JsonObject { ["type"] = "tool_use", ["id"] = call.Id, ["name"] = call.Name, ["input"] = JsonNode.Parse(call.Arguments) });
        }

        return Message(request, content, Stop(answer), answer.OutputTokens, answer).ToJsonString();
    }

    public override IEnumerable<string> Frames(VendorRequest request, FakeAnswer answer)
    {
        yield return Event("message_start", new JsonObject { ["type"] = "message_start", ["message"] = Message(request, [], stop: null, output: 1, answer) });
        yield return Event("ping", new JsonObject { ["type"] = "ping" });
        var index = 0;
        if (answer.Reasoning.Length > 0)
        {
            yield return Start(index, new JsonObject { ["type"] = "thinking", ["thinking"] = "", ["signature"] = "" });
            foreach (var word in Words(answer.Reasoning))
            {
                yield return Delta(index, new JsonObject { ["type"] = "thinking_delta", ["thinking"] = word });
            }

            yield return Delta(index, new JsonObject { ["type"] = "signature_delta", ["signature"] = "c2lnbmF0dXJl" });
            yield return End(index++);
        }

        if (answer.Text.Length > 0)
        {
            yield return Start(index, new JsonObject { ["type"] = "text", ["text"] = "" });
            foreach (var word in Words(answer.Text))
            {
                yield return Delta(index, new JsonObject { ["type"] = "text_delta", ["text"] = word });
            }

            yield return End(index++);
        }

        foreach (var call in answer.ToolCalls)
        {
            yield return Start(index, new JsonObject { ["type"] = "tool_use", ["id"] = call.Id, ["name"] = call.Name, ["input"] = new JsonObject() });
            for (var piece = 0; piece < answer.Pieces; piece++)
            {
                var text = call.Arguments[(call.Arguments.Length * piece / answer.Pieces)..(call.Arguments.Length * (piece + 1) / answer.Pieces)];
                yield return Delta(index, new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = text });
            }

            yield return End(index++);
        }

        yield return Event("message_delta", new JsonObject
        {
            ["type"] = "message_delta",
            ["delta"] = new JsonObject { ["stop_reason"] = Stop(answer), ["stop_sequence"] = null },
            ["usage"] = new JsonObject { ["output_tokens"] = answer.OutputTokens },
        });
        yield return Event("message_stop", new JsonObject { ["type"] = "message_stop" });
    }

    /// <summary>A message that ended without a reason and without contents.</summary>
    public override string Empty(bool streamed)
    {
        var message = Message(request: null, [], stop: null, output: 0, new FakeAnswer());
        return streamed ? Event("message_start", new JsonObject { ["type"] = "message_start", ["message"] = message }) : message.ToJsonString();
    }

    public override string Broken(bool streamed) => streamed ? "event: message_start\ndata: {\"type\":\"message_st\n\n" : "{\"id\":\"msg_1\",\"content\":[{";

    public override (int Status, string Body) Error(VendorError error) => error switch
    {
        VendorError.RateLimited => (429, Text("rate_limit_error", "This request would exceed your organization's rate limit of 50 requests per minute.")),
        VendorError.Overloaded => (529, Text("overloaded_error", "Overloaded")),
        VendorError.ContextOverflow => (400, Text("invalid_request_error", "prompt is too long: 213462 tokens > 200000 maximum")),
        VendorError.BadKey => (401, Text("authentication_error", "invalid x-api-key")),
        VendorError.UnknownModel => (404, Text("not_found_error", "model: m")),
        _ => (500, Text("api_error", "Internal server error")),
    };

    public override (int Status, string Body) Refusal(bool streamed)
    {
        var answer = new FakeAnswer { FinishReason = "refusal" };
        var request = new VendorRequest("", new Dictionary<string, string>(), Parse("""{"model":"m"}"""), Task.CompletedTask);
        return (200, streamed ? string.Concat(Frames(request, answer)) : Whole(request, answer));
    }

    public override string Embeddings(VendorRequest request) => throw new NotSupportedException();

    private static string Stop(FakeAnswer answer) => answer.FinishReason switch
    {
        "stop" => "end_turn",
        "length" => "max_tokens",
        "tool_calls" => "tool_use",
        _ => answer.FinishReason,
    };

    private static JsonObject Message(VendorRequest? request, JsonArray content, string? stop, int output, FakeAnswer answer) => new()
    {
        ["id"] = "msg_fake",
        ["type"] = "message",
        ["role"] = "assistant",
        ["model"] = request?.Body.GetProperty("model").GetString() ?? "m",
        ["content"] = content,
        ["stop_reason"] = stop,
        ["stop_sequence"] = null,
        ["usage"] = new JsonObject { ["input_tokens"] = answer.InputTokens - 3, ["cache_read_input_tokens"] = 3, ["cache_creation_input_tokens"] = 0, ["output_tokens"] = output },
    };

    private static string Start(int index, JsonObject block) =>
        Event("content_block_start", new JsonObject { ["type"] = "content_block_start", ["index"] = index, ["content_block"] = block });

    private static string Delta(int index, JsonObject delta) =>
        Event("content_block_delta", new JsonObject { ["type"] = "content_block_delta", ["index"] = index, ["delta"] = delta });

    private static string End(int index) => Event("content_block_stop", new JsonObject { ["type"] = "content_block_stop", ["index"] = index });

    private static string Event(string type, object data) => $"event: {type}\ndata: {Json(data)}\n\n";

    private static string Text(string type, string message) => Json(new { type = "error", error = new { type, message }, request_id = "req_1" });
}
