using System.Net.Http;
using Minion.Contracts.Tools.V1;
using Minion.Tools.BuiltIn.Http;
using Minion.Tools.Network;

namespace Minion.Tools.BuiltIn;

/// <summary>Fetches a text from the web, and from nowhere inside.</summary>
internal sealed class HttpGetTool(SafeHttpClient client) : ITool
{
    private const int MostRedirects = 5;

    public ToolDescription Description { get; } = new()
    {
        Name = "http_get",
        Version = "1.0",
        Category = "network",
        Description =
            "Fetches a public http or https URL and gives its status and text (HTML, JSON, XML, plain text); follows up to 5 redirects. Addresses of private networks are refused. Long texts are cut.",
        InputSchema =
            """
            {
              "type": "object",
              "properties": {
                "url": { "type": "string", "minLength": 1, "maxLength": 4096 },
                "headers": {
                  "type": "object",
                  "maxProperties": 20,
                  "propertyNames": { "pattern": "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$" },
                  "additionalProperties": { "type": "string", "maxLength": 2000, "pattern": "^[\\t\\x20-\\x7e]*$" }
                }
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

    public async ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        if (Urls.Check(call.Arguments.GetProperty("url").GetString()!.Trim(), out var url) is { } noUrl)
        {
            return noUrl;
        }

        if (RequestHeaders.Read(call.Arguments, out var headers) is { } refused)
        {
            return refused;
        }

        try
        {
            return await FetchAsync(url, headers, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            return HttpFailures.Of(exception, url);
        }
    }

    private async Task<ToolOutcome> FetchAsync(Uri url, List<KeyValuePair<string, string>> headers, CancellationToken cancellationToken)
    {
        for (var redirects = 0; redirects <= MostRedirects; redirects++)
        {
            using var request = RequestHeaders.Request(url, headers);
            using var response = await client.SendAsync(request, cancellationToken);
            if (Redirection(response, url) is not { } target)
            {
                return await ReadAsync(response, cancellationToken);
            }

            if (Urls.Check(target) is { } refused)
            {
                return refused with { Message = $"'{url}' redirects to '{target}'. {refused.Message}" };
            }

            headers = Urls.SameOrigin(url, target) ? headers : [];
            url = target;
        }

        return ToolOutcome.Failed($"There are more than {MostRedirects} redirects, the last one to '{url}'.", "Try another URL.");
    }

    private static Uri? Redirection(HttpResponseMessage response, Uri url) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } location ? new Uri(url, location) : null;

    private static async Task<ToolOutcome> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var type = response.Content.Headers.ContentType;
        if (!TextBody.MayBeText(type?.MediaType))
        {
            return NoText(response, type?.MediaType);
        }

        return await TextBody.ReadAsync(response.Content, cancellationToken) is { } body
            ? ToolOutcome.Result(
                new HttpGetResult((int)response.StatusCode, type?.ToString() ?? "", body.Text, body.Truncated), BuiltInJson.Readable.HttpGetResult)
            : NoText(response, "binary data");
    }

    private static ToolFailure NoText(HttpResponseMessage response, string? what) => ToolOutcome.Failed(
        $"The answer (status {(int)response.StatusCode}) is no text but {what}.",
        "Only texts can be fetched; look for a page or an API that describes it.");
}
