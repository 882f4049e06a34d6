using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Minion.Testing.OpenAi;

namespace Minion.Testing.Vendors;

/// <summary>Ollama (https://docs.ollama.com/api): lines of JSON, tool calls whole and without ids. What is pulled is installed.</summary>
public sealed class OllamaWire : VendorWire
{
    /// <summary>The size in bytes of every part of a model that is pulled.</summary>
    public const long PartSize = 5_225_374_496;

    private readonly ConcurrentQueue<string> _installed = new();

    /// <summary>The names of the models on the disk.</summary>
    public IReadOnlyCollection<string> Installed => _installed;

    public override string BasePath => "";

    public override string StreamType => "application/x-ndjson";

    public override string? ErrorFrame => Json(new { error = "an error was encountered while running the model: CUDA error" }) + "\n";

    public override bool Knows(string path) => path is "/api/chat" or "/api/embed" or "/api/tags" or "/api/pull";

    public override bool IsRead(string path) => path == "/api/tags";

    public override bool WantsEmbeddings(VendorRequest request) => request.Path == "/api/embed";

    /// <summary>Ollama streams unless it is told not to.</summary>
    public override bool WantsStream(VendorRequest request) => !IsRead(request.Path) && (!request.Body.TryGetProperty("stream", out var stream) || stream.GetBoolean());

    public override string? Key(VendorRequest request) => request.Headers.GetValueOrDefault("Authorization")?.Replace("Bearer ", "", StringComparison.Ordinal);

    public override string Whole(VendorRequest request, FakeAnswer answer) =>
        IsRead(request.Path) ? Tags() : Last(Message(answer.Text, answer.Reasoning, answer.ToolCalls), answer);

    public override IEnumerable<string> Frames(VendorRequest request, FakeAnswer answer) =>
        request.Path == "/api/pull" ? Pull(request.Body.GetProperty("model").GetString()!) : Chat(answer);

    /// <summary>Puts models on the disk.</summary>
    public OllamaWire With(params IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            _installed.Enqueue(name);
        }

        return this;
    }

    /// <summary>A pull that fails within the stream, as Ollama's do: the status is 200.</summary>
    public static VendorTurn FailPull(string error) => async exchange =>
    {
        await exchange.SendFrameAsync(Json(new { status = "pulling manifest" }) + "\n");
        await exchange.SendFrameAsync(Text(error) + "\n");
    };

    private static IEnumerable<string> Chat(FakeAnswer answer)
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

    private string Tags() => Json(new
    {
        models = _installed.Select(name => new
        {
            name,
            model = name,
            modified_at = "2026-01-31T14:05:00.409490317-07:00",
            size = PartSize,
            digest = "500a1f067a9f782620b40bee6f7b0c89e17ae61f686b92c24933e4ca4b2b8b41",
            details = new { parent_model = "", format = "gguf", family = "qwen3", families = new[] { "qwen3" }, parameter_size = "8.2B", quantization_level = "Q4_K_M" },
        }),
    });

    private IEnumerable<string> Pull(string name)
    {
        yield return Json(new { status = "pulling manifest" }) + "\n";
        foreach (var digest in new[] { "sha256:a3de86cd1c13", "sha256:ae370d884f10" })
        {
            var status = $"pulling {digest["sha256:".Length..]}";
            yield return Json(new { status, digest, total = PartSize }) + "\n";
            for (var quarter = 1; quarter <= 4; quarter++)
            {
                // Ollama says the same again while nothing moves.
                var frame = Json(new { status, digest, total = PartSize, completed = PartSize * quarter / 4 }) + "\n";
                yield return frame;
                yield return frame;
            }
        }

        yield return Json(new { status = "verifying sha256 digest" }) + "\n";
        yield return Json(new { status = "writing manifest" }) + "\n";
        _installed.Enqueue(name);
        yield return Json(new { status = "success" }) + "\n";
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
