using System.Text.Json;
using System.Text.Json.Nodes;
using Minion.Testing.OpenAi;

namespace Minion.Testing.Vendors;

/// <summary>OpenAI (https://platform.openai.com/docs/api-reference/chat, https://platform.openai.com/docs/guides/error-codes).</summary>
public class OpenAiWire : VendorWire
{
    public override string BasePath => "/v1";

    public override string? ErrorFrame => Event(Wire.Error("The server had an error while processing your request.", "server_error", null));

    public override bool Knows(string path) => path.EndsWith("/chat/completions", StringComparison.Ordinal) || path.EndsWith("/embeddings", StringComparison.Ordinal);

    public override bool WantsEmbeddings(VendorRequest request) => request.Path.EndsWith("/embeddings", StringComparison.Ordinal);

    public override bool WantsStream(VendorRequest request) => request.Body.TryGetProperty("stream", out var stream) && stream.GetBoolean();

    public override string? Key(VendorRequest request) =>
        request.Headers.GetValueOrDefault("Authorization") is { } value && value.StartsWith("Bearer ", StringComparison.Ordinal) ? value["Bearer ".Length..] : null;

    public override string Whole(VendorRequest request, FakeAnswer answer) => Change(Wire.Whole(Received(request), answer), whole: true);

    public override IEnumerable<string> Frames(VendorRequest request, FakeAnswer answer) =>
        [.. Wire.Events(Received(request), answer).Select(e => Event(Change(e, whole: false))), Event("[DONE]")];

    public override string Empty(bool streamed)
    {
        const string Body = """{"id":"chatcmpl-fake","object":"chat.completion","model":"m","choices":[]}""";
        return streamed ? Event(Body) + Event("[DONE]") : Body;
    }

    public override string Broken(bool streamed) => streamed ? Event("{\"id\":\"chatcmpl-fake\",\"choices\":[{") : "{\"id\":\"chatcmpl-fake\",\"choices\":[{";

    public override (int Status, string Body) Error(VendorError error) => error switch
    {
        VendorError.RateLimited => (429, Wire.Error("Rate limit reached for gpt-5-mini in organization org-1 on requests per min (RPM): Limit 3, Used 3, Requested 1.", "requests", "rate_limit_exceeded")),
        VendorError.Overloaded => (503, Wire.Error("The engine is currently overloaded, please try again later", "server_error", null)),
        VendorError.ContextOverflow => (400, Wire.Error("This model's maximum context length is 8192 tokens. However, your messages resulted in 10000 tokens.", "invalid_request_error", "context_length_exceeded")),
        VendorError.BadKey => (401, Wire.Error("Incorrect API key provided: sk-****.", "invalid_request_error", "invalid_api_key")),
        VendorError.UnknownModel => (404, Wire.Error("The model `m` does not exist or you do not have access to it.", "invalid_request_error", "model_not_found")),
        _ => (500, Wire.Error("The server had an error while processing your request.", "server_error", null)),
    };

    public override (int Status, string Body) Refusal(bool streamed)
    {
        var answer = new FakeAnswer { Refusal = "I'm sorry, I can't assist with that request." };
        var request = new VendorRequest("", new Dictionary<string, string>(), Parse($$"""{"model":"m","stream":{{(streamed ? "true" : "false")}}}"""), Task.CompletedTask);
        return (200, streamed ? string.Concat(Frames(request, answer)) : Whole(request, answer));
    }

    public override string Embeddings(VendorRequest request) => EmbeddingsWire.Answer(request.Body);

    /// <summary>What a relative of OpenAI does otherwise in an answer or in a chunk of it.</summary>
    protected virtual void Change(JsonObject json, bool whole)
    {
    }

    protected static string Event(string data) => $"data: {data}\n\n";

    private string Change(string text, bool whole)
    {
        var json = JsonNode.Parse(text)!.AsObject();
        Change(json, whole);
        return json.ToJsonString();
    }

    private static ReceivedRequest Received(VendorRequest request) => new(request.Body, request.Headers, request.Aborted);
}
