using Minion.Contracts.Tools.V1;
using Minion.Tools.BuiltIn.Http;
using Minion.Tools.Network;

namespace Minion.Tools.BuiltIn;

/// <summary>Fetches a text from the web as it is; <see cref="HttpFetchTool"/> has taken its place.</summary>
internal sealed class HttpGetTool(SafeHttpClient client) : ITool
{
    public ToolDescription Description { get; } = new()
    {
        Name = "http_get",
        Version = "1.0",
        Category = "network",
        Status = ToolStatus.Deprecated,
        Replacement = "http_fetch",
        Untrusted = true,
        Description =
            "Fetches a public http or https URL and gives its status and text (HTML, JSON, XML, plain text); follows up to 5 redirects. Addresses of private networks are refused. Long texts are cut.",
        InputSchema =
            $$"""
            {
              "type": "object",
              "properties": { {{WebFetch.ArgumentSchemas}} },
              "required": ["url"],
              "additionalProperties": false
            }
            """,
        OutputSchema =
            """
            {
              "type": "object",
              "properties": {
                "status": { "type": "integer", "minimum": 100, "maximum": 999 },
                "content_type": { "type": "string" },
                "body": { "type": "string" },
                "truncated": { "type": "boolean" }
              },
              "required": ["status", "content_type", "body", "truncated"],
              "additionalProperties": false
            }
            """,
        Policy = new ToolPolicy(Effect.ReadOnly)
        {
            Timeout = TimeSpan.FromSeconds(20),
            Retries = 2,
            Permissions = ["tools:http_get"],
            ResultLimit = 64 * 1024,
        },
    };

    public ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken) =>
        WebFetch.GetAsync(
            client,
            call,
            async (response, _, token) =>
            {
                var type = response.Content.Headers.ContentType;
                return !TextBody.MayBeText(type?.MediaType) ? WebFetch.NoText(response, type?.MediaType)
                    : await TextBody.ReadAsync(response.Content, TextBody.Limit, token) is { } body
                        ? ToolOutcome.Result(
                            new HttpGetResult((int)response.StatusCode, type?.ToString() ?? "", body.Text, body.Truncated), BuiltInJson.Readable.HttpGetResult)
                        : WebFetch.NoText(response, "binary data");
            },
            cancellationToken);
}
