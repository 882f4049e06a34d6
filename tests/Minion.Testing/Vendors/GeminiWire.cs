using System.Text.Json.Nodes;
using Minion.Testing.OpenAi;

namespace Minion.Testing.Vendors;

/// <summary>Gemini (https://ai.google.dev/api/generate-content, https://ai.google.dev/api/embeddings, https://google.aip.dev/193).</summary>
public sealed class GeminiWire : VendorWire
{
    public override string BasePath => "/v1beta";

    public override string? ErrorFrame => Event(Parse(Text(503, "UNAVAILABLE", "The model is overloaded. Please try again later.")));

    public override bool Knows(string path) => path.StartsWith("/v1beta/models/", StringComparison.Ordinal) && path.Contains(':', StringComparison.Ordinal);

    public override bool WantsEmbeddings(VendorRequest request) => request.Path.EndsWith(":batchEmbedContents", StringComparison.Ordinal);

    public override bool WantsStream(VendorRequest request) => request.Path.EndsWith(":streamGenerateContent?alt=sse", StringComparison.Ordinal);

    public override string? Key(VendorRequest request) => request.Headers.GetValueOrDefault("x-goog-api-key");

    public override string Whole(VendorRequest request, FakeAnswer answer)
    {
        var parts = new JsonArray();
        if (answer.Reasoning.Length > 0)
        {
            parts.Add(new JsonObject { ["text"] = answer.Reasoning, ["thought"] = true });
        }

        if (answer.Text.Length > 0)
        {
            parts.Add(new JsonObject { ["text"] = answer.Text });
        }

        foreach (var call in answer.ToolCalls)
        {
            parts.Add(Call(call));
        }

        return Response(parts, Finish(answer), answer).ToJsonString();
    }

    public override IEnumerable<string> Frames(VendorRequest request, FakeAnswer answer)
    {
        foreach (var word in Words(answer.Reasoning))
        {
            yield return Event(Response([new JsonObject { ["text"] = word, ["thought"] = true }], null, answer));
        }

        foreach (var word in Words(answer.Text))
        {
            yield return Event(Response([new JsonObject { ["text"] = word }], null, answer));
        }

        foreach (var call in answer.ToolCalls)
        {
            yield return Event(Response([Call(call)], null, answer));
        }

        yield return Event(Response([new JsonObject { ["text"] = "" }], Finish(answer), answer));
    }

    public override string Empty(bool streamed)
    {
        var body = new JsonObject { ["usageMetadata"] = new JsonObject { ["promptTokenCount"] = 3, ["totalTokenCount"] = 3 }, ["modelVersion"] = "m", ["responseId"] = "r1" };
        return streamed ? Event(body) : body.ToJsonString();
    }

    public override string Broken(bool streamed) => streamed ? "data: {\"candidates\": [{\n\n" : "{\"candidates\": [{";

    public override (int Status, string Body) Error(VendorError error) => error switch
    {
        VendorError.RateLimited => (429, Text(429, "RESOURCE_EXHAUSTED", "You exceeded your current rate. Please retry in 7s.", new { type = "type.googleapis.com/google.rpc.RetryInfo", retryDelay = "7s" })),
        VendorError.Overloaded => (503, Text(503, "UNAVAILABLE", "The model is overloaded. Please try again later.")),
        VendorError.ContextOverflow => (400, Text(400, "INVALID_ARGUMENT", "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).")),
        VendorError.BadKey => (400, Text(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", new { reason = "API_KEY_INVALID", domain = "googleapis.com" })),
        VendorError.UnknownModel => (404, Text(404, "NOT_FOUND", "models/m is not found for API version v1beta, or is not supported for generateContent.")),
        _ => (500, Text(500, "INTERNAL", "An internal error has occurred.")),
    };

    public override (int Status, string Body) Refusal(bool streamed)
    {
        var body = new JsonObject
        {
            ["promptFeedback"] = new JsonObject { ["blockReason"] = "PROHIBITED_CONTENT" },
            ["usageMetadata"] = new JsonObject { ["promptTokenCount"] = 3, ["totalTokenCount"] = 3 },
            ["modelVersion"] = "m",
        };
        return (200, streamed ? Event(body) : body.ToJsonString());
    }

    public override string Embeddings(VendorRequest request)
    {
        var vectors = request.Body.GetProperty("requests").EnumerateArray().Select(r =>
        {
            var text = r.GetProperty("content").GetProperty("parts")[0].GetProperty("text").GetString()!;
            var dimensions = r.TryGetProperty("outputDimensionality", out var given) ? given.GetInt32() : FakeVector.Dimensions;
            return new { values = FakeVector.Of(text, dimensions) };
        }).ToList();
        if (vectors.Count > 100)
        {
            throw new InvalidOperationException("at most 100 requests can be in one batch");
        }

        return Json(new { embeddings = vectors });
    }

    private static JsonObject Call(FakeToolCall call) => new()
    {
        ["functionCall"] = new JsonObject { ["id"] = call.Id, ["name"] = call.Name, ["args"] = JsonNode.Parse(call.Arguments) },
        ["thoughtSignature"] = "c2lnbmF0dXJl",
    };

    private static string Finish(FakeAnswer answer) => answer.FinishReason switch
    {
        "length" => "MAX_TOKENS",
        "stop" or "tool_calls" => "STOP",
        _ => answer.FinishReason,
    };

    private static JsonObject Response(JsonArray parts, string? finish, FakeAnswer answer)
    {
        var candidate = new JsonObject { ["content"] = new JsonObject { ["parts"] = parts, ["role"] = "model" }, ["index"] = 0 };
        if (finish is not null)
        {
            candidate["finishReason"] = finish;
        }

        return new JsonObject
        {
            ["candidates"] = new JsonArray(candidate),
            ["usageMetadata"] = new JsonObject
            {
                ["promptTokenCount"] = answer.InputTokens,
                ["cachedContentTokenCount"] = 3,
                ["candidatesTokenCount"] = answer.OutputTokens - 2,
                ["thoughtsTokenCount"] = 2,
                ["totalTokenCount"] = answer.InputTokens + answer.OutputTokens,
            },
            ["modelVersion"] = "m",
            ["responseId"] = "r1",
        };
    }

    private static string Event(object data) => $"data: {Json(data)}\r\n\r\n";

    private static string Text(int code, string status, string message, params object[] details) => Json(new { error = new { code, message, status, details } });
}
