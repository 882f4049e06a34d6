using System.Net.Http;
using System.Text.Json;

namespace Minion.Tools.BuiltIn.Http;

/// <summary>Headers that a model gave: checked, and put on a request.</summary>
internal static class RequestHeaders
{
    /// <summary>Those that belong to the connection and the client, not to who asks.</summary>
    private static readonly string[] Reserved =
        ["connection", "content-length", "expect", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"];

    /// <summary>The failure, or null and the headers.</summary>
    public static ToolFailure? Read(JsonElement arguments, out List<KeyValuePair<string, string>> headers)
    {
        headers = [];
        if (!arguments.TryGetProperty("headers", out var given))
        {
            return null;
        }

        foreach (var header in given.EnumerateObject())
        {
            if (Reserved.Contains(header.Name, StringComparer.OrdinalIgnoreCase) || header.Name.StartsWith("proxy-", StringComparison.OrdinalIgnoreCase))
            {
                return ToolOutcome.Failed($"The header '{header.Name}' cannot be set.", "Leave this header out.");
            }

            headers.Add(KeyValuePair.Create(header.Name, header.Value.GetString()!));
        }

        return null;
    }

    public static HttpRequestMessage Request(Uri url, List<KeyValuePair<string, string>> headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("User-Agent", "minion");
        request.Headers.TryAddWithoutValidation("Accept", "text/*, application/json, application/xml;q=0.9, */*;q=0.5");
        foreach (var (name, value) in headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }
}
