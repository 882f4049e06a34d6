using System.Net.Http;
using Microsoft.Extensions.Options;
using Minion.Contracts.Tools.V1;
using Minion.Tools.BuiltIn.Http;
using Minion.Tools.Network;

namespace Minion.Tools.BuiltIn;

/// <summary>Fetches a text from the web, and from nowhere inside; pages become readable text.</summary>
internal sealed class HttpFetchTool(SafeHttpClient client, IOptions<HttpFetchOptions> options) : ITool
{
    public ToolDescription Description { get; } = new()
    {
        Name = "http_fetch",
        Version = "1.0",
        Category = "network",
        Untrusted = true,
        Description =
            """
            Fetches a public http or https URL; follows up to 5 redirects. Of a web page it gives the readable text with headings, lists and links
            (format source gives its HTML); JSON, XML and plain text come as they are. Addresses of private networks are refused.
            """,
        InputSchema =
            $$"""
            {
              "type": "object",
              "properties": {
                {{WebFetch.ArgumentSchemas}},
                "format": { "enum": ["readable", "source"], "default": "readable" }
              },
              "required": ["url"],
              "additionalProperties": false
            }
            """,
        OutputSchema =
            """
            {
              "type": "object",
              "properties": {
                "url": { "type": "string", "description": "Where it came from, after redirects" },
                "status": { "type": "integer", "minimum": 100, "maximum": 999 },
                "content_type": { "type": "string" },
                "title": { "type": "string" },
                "text": { "type": "string" },
                "truncated": { "type": "boolean" }
              },
              "required": ["url", "status", "content_type", "title", "text", "truncated"],
              "additionalProperties": false
            }
            """,
        Policy = new ToolPolicy(Effect.ReadOnly)
        {
            Timeout = TimeSpan.FromSeconds(30),
            Retries = 2,
            Permissions = ["tools:http_fetch"],
            ResultLimit = 64 * 1024,
        },
    };

    public ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var readable = !call.Arguments.TryGetProperty("format", out var format) || format.GetString() == "readable";
        return WebFetch.GetAsync(client, call, (response, url, token) => ReadAsync(response, url, readable, token), cancellationToken);
    }

    private async Task<ToolOutcome> ReadAsync(HttpResponseMessage response, Uri url, bool readable, CancellationToken cancellationToken)
    {
        var type = response.Content.Headers.ContentType;
        if (!TextBody.MayBeText(type?.MediaType))
        {
            return WebFetch.NoText(response, type?.MediaType);
        }

        if (await TextBody.ReadAsync(response.Content, options.Value.MaxBytes, cancellationToken) is not { } body)
        {
            return WebFetch.NoText(response, "binary data");
        }

        var page = readable && IsHtml(type?.MediaType, body.Text) ? HtmlText.Read(body.Text, url, cancellationToken) : new ReadablePage("", body.Text, Cut: false);
        return ToolOutcome.Result(
            new HttpFetchResult(url.AbsoluteUri, (int)response.StatusCode, type?.ToString() ?? "", page.Title, page.Text, body.Truncated || page.Cut),
            BuiltInJson.Readable.HttpFetchResult);
    }

    private static bool IsHtml(string? mediaType, string text) =>
        mediaType is "text/html" or "application/xhtml+xml"
        || (mediaType is null && text.AsSpan().TrimStart().StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase));
}
