using System.Net.Http;
using Minion.Tools.Network;

namespace Minion.Tools.BuiltIn.Http;

/// <summary>Fetches what a call's <c>url</c> and <c>headers</c> say, following redirects; each one is checked like the first URL.</summary>
internal static class WebFetch
{
    /// <summary>The schemas of the two arguments.</summary>
    public const string ArgumentSchemas =
        """
        "url": { "type": "string", "minLength": 1, "maxLength": 4096 },
        "headers": {
          "type": "object",
          "maxProperties": 20,
          "propertyNames": { "pattern": "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$" },
          "additionalProperties": { "type": "string", "maxLength": 2000, "pattern": "^[\\t\\x20-\\x7e]*$" }
        }
        """;

    private const int MostRedirects = 5;

    public static async ValueTask<ToolOutcome> GetAsync(
        SafeHttpClient client, ToolCall call, Func<HttpResponseMessage, Uri, CancellationToken, Task<ToolOutcome>> read, CancellationToken cancellationToken)
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
            return await FollowAsync(client, url, headers, read, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            return HttpFailures.Of(exception, url);
        }
        catch (IOException)
        {
            return ToolOutcome.FailedForNow($"'{url.IdnHost}' ended the connection before the answer was whole.", "Try again later, or try another site.");
        }
    }

    /// <summary>The failure when an answer is no text.</summary>
    public static ToolFailure NoText(HttpResponseMessage response, string? what) => ToolOutcome.Failed(
        $"The answer (status {(int)response.StatusCode}) is no text but {what}.",
        "Only texts can be fetched; look for a page or an API that describes it.");

    private static async Task<ToolOutcome> FollowAsync(
        SafeHttpClient client,
        Uri url,
        List<KeyValuePair<string, string>> headers,
        Func<HttpResponseMessage, Uri, CancellationToken, Task<ToolOutcome>> read,
        CancellationToken cancellationToken)
    {
        for (var redirects = 0; redirects <= MostRedirects; redirects++)
        {
            using var request = RequestHeaders.Request(url, headers);
            using var response = await client.SendAsync(request, cancellationToken);
            if (Redirection(response, url) is not { } target)
            {
                return await read(response, url, cancellationToken);
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
}
