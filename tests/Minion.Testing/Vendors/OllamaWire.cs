using System.Text.Json.Nodes;
using Minion.Testing.OpenAi;

namespace Minion.Testing.Vendors;

/// <summary>Ollama (https://docs.ollama.com/api): lines of JSON, tool calls whole and without ids.</summary>
public sealed class OllamaWire : VendorWire
{
    public override string BasePath => "";

    public override string StreamType => "application/x-ndjson";

    public override string? ErrorFrame => Json(new { error = "an error was encountered while running the model: CUDA error" }) + "\n";

    public override bool Knows(string path) => path is "/api/chat" or "/api/embed";

    public override bool WantsEmbeddings(VendorRequest request) => request.Path == "/api/embed";

    /// <summary>Ollama streams unless it is told not to.</summary>
    public override bool WantsStream(VendorRequest request) => !request.Body.TryGetProperty("stream", out var stream) || stream.GetBoolean();

    public override string? Key(VendorRequest request) => request.Headers.GetValueOrDefault("Authorization")?.Replace("Bearer ", "", StringComparison.Ordinal);

    public override string Whole(VendorRequest request, FakeAnswer answer) => Last(Message(answer.Text, answer.Reasoning, answer.ToolCalls), answer);

    public override IEnumerable<string> Frames(VendorRequest request, FakeAnswer answer)
    {
        foreach (var word in Words(answer.Reasoning))
        {
            yield return Part(Message("", word, [])) + "\n";
        }

        foreach (var word in Words(answer.Text))
        {
            yield return Part(Message(word, "", [])) + "\n";
        }

        foreach (var call in answer.ToolCalls)
        {
            yield return Part(Message("", "", [call])) + "\n";
        }

        yield return Last(Message("", "", []), answer) + "\n";
    }

    public override string Empty(bool streamed) => Json(new { model = "m", created_at = "2026-01-31T14:05:00Z", done = true, done_reason = "load" }) + (streamed ? "\n" : "");

    public override string Broken(bool streamed) => "{\"model\":\"m\",\"message\":{" + (streamed ? "\n" : "");

    public override (int Status, string Body) Error(VendorError error) => error switch
    {
        VendorError.RateLimited => (429, Text("too many requests")),
        VendorError.Overloaded => (503, Text("server busy, please try again. maximum pending requests exceeded")),
        VendorError.ContextOverflow => (400, Text("the input length exceeds the context length")),
        VendorError.BadKey => (401, Text("unauthorized")),
        VendorError.UnknownModel => (404, Text("model 'm' not found")),
        _ => (500, Text("llama runner process has terminated: exit status 2")),
    };

    public override (int Status, string Body) Refusal(bool streamed) => (403, Text("blocked by content_policy"));

    public override string Embeddings(VendorRequest request)
    {
        var dimensions = request.Body.TryGetProperty("dimensions", out var given) ? given.GetInt32() : FakeVector.Dimensions;
        var vectors = request.Body.GetProperty("input").EnumerateArray().Select(t => FakeVector.Of(t.GetString()!, dimensions)).ToList();
        return Json(new { model = "m", embeddings = vectors, total_duration = 14143917, load_duration = 1019500, prompt_eval_count = vectors.Count * FakeVector.TokensPerText });
    }

    private static JsonObject Message(string text, string thinking, IReadOnlyList<FakeToolCall> calls)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = text };
        if (thinking.Length > 0)
        {
            message["thinking"] = thinking;
        }

        if (calls.Count > 0)
        {
            message["tool_calls"] = new JsonArray(
                [.. calls.Select(c => (JsonNode)new JsonObject { ["function"] = new JsonObject { ["name"] = c.Name, ["arguments"] = JsonNode.Parse(c.Arguments) } })]);
        }

        return message;
    }

    private static string Part(JsonObject message) =>
        new JsonObject { ["model"] = "m", ["created_at"] = "2026-01-31T14:05:00Z", ["message"] = message, ["done"] = false }.ToJsonString();

    private static string Last(JsonObject message, FakeAnswer answer) => new JsonObject
    {
        ["model"] = "m",
        ["created_at"] = "2026-01-31T14:05:00Z",
        ["message"] = message,
        ["done"] = true,
        ["done_reason"] = answer.FinishReason == "length" ? "length" : "stop",
        ["total_duration"] = 4648158584,
        ["prompt_eval_count"] = answer.InputTokens,
        ["eval_count"] = answer.OutputTokens,
    }.ToJsonString();

    private static string Text(string error) => Json(new { error });
}
