using System.Text.Json.Nodes;
using Minion.Testing.OpenAi;

namespace Minion.Testing.Vendors;

/// <summary>Groq (https://console.groq.com/docs/api-reference#chat, https://console.groq.com/docs/errors): usage and the request's id come in <c>x_groq</c>, thoughts as <c>reasoning</c>.</summary>
public sealed class GroqWire : OpenAiWire
{
    public override string BasePath => "/openai/v1";

    public override (int Status, string Body) Error(VendorError error) => error switch
    {
        VendorError.RateLimited => (429, Wire.Error("Rate limit reached for model `m` in organization `org_1` on tokens per minute (TPM): Limit 6000, Used 5900, Requested 500. Please try again in 4s.", "tokens", "rate_limit_exceeded")),
        VendorError.ContextOverflow => (400, Wire.Error("Please reduce the length of the messages or completion.", "invalid_request_error", "context_length_exceeded")),
        VendorError.BadKey => (401, Wire.Error("Invalid API Key", "invalid_request_error", "invalid_api_key")),
        _ => base.Error(error),
    };

    protected override void Change(JsonObject json, bool whole)
    {
        foreach (var choice in json["choices"]!.AsArray())
        {
            var message = choice![whole ? "message" : "delta"]!.AsObject();
            if (message["reasoning_content"] is { } reasoning)
            {
                message.Remove("reasoning_content");
                message["reasoning"] = reasoning;
            }
        }

        if (!whole && json["usage"] is JsonObject usage)
        {
            json.Remove("usage");
            json["x_groq"] = new JsonObject { ["id"] = "req_1", ["usage"] = usage };
        }
    }
}
