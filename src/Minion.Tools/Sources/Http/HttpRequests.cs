using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Minion.Tools.Sources.Http;

/// <summary>Makes requests of operations and arguments. The arguments fit the schema; that they lead nowhere else is checked here.</summary>
internal static class HttpRequests
{
    private const int LongestUrl = 16 * 1024;

    /// <summary>The failure, or null and the request, without the source's own headers and authentication.</summary>
    public static ToolFailure? Build(HttpOperation operation, Uri server, JsonElement arguments, out HttpRequestMessage request)
    {
        request = new HttpRequestMessage { Method = operation.Method };
        var path = operation.Path;
        var query = new StringBuilder();
        var cookies = new List<string>();
        foreach (var parameter in operation.Parameters)
        {
            if (!arguments.TryGetProperty(parameter.Argument, out var value) || value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            switch (parameter.Place)
            {
                case ParameterPlace.Path when LeadsElsewhere(ParameterText.Text(value)):
                    return ToolOutcome.Failed($"'{parameter.Argument}' must not be empty and must not have '.' or '..' as a part of a path.", "Give the name or id itself.");
                case ParameterPlace.Path:
                    path = path.Replace($"{{{parameter.Name}}}", ParameterText.InPath(parameter, value), StringComparison.Ordinal);
                    break;
                case ParameterPlace.Query:
                    Append(query, ParameterText.InQuery(parameter, value));
                    break;
                case ParameterPlace.Cookie:
                    cookies.AddRange(ParameterText.InQuery(parameter, value).Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
                    break;
                default:
                    if (!TryAddHeader(request, parameter.Name, ParameterText.InHeader(parameter, value)))
                    {
                        return ToolOutcome.Failed($"'{parameter.Argument}' goes into a header and must be one line of ASCII characters.", "Leave out line breaks and other characters.");
                    }

                    break;
            }
        }

        if (cookies.Count > 0)
        {
            request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", cookies));
        }

        request.Content = operation.Body is { } body ? HttpBodies.Write(body, arguments) : null;
        return SetUrl(request, server, path, query);
    }

    /// <summary>Adds names and values to a query.</summary>
    public static void Append(StringBuilder query, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        foreach (var (name, value) in pairs)
        {
            query.Append(query.Length == 0 ? "" : "&").Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        }
    }

    /// <summary>False when the value cannot stand in a header.</summary>
    public static bool TryAddHeader(HttpRequestMessage request, string name, string value)
    {
        if (!value.All(letter => letter is '\t' or (>= ' ' and <= '~')))
        {
            return false;
        }

        request.Headers.Remove(name);
        return request.Headers.TryAddWithoutValidation(name, value);
    }

    private static ToolFailure? SetUrl(HttpRequestMessage request, Uri server, string path, StringBuilder query)
    {
        var (start, own) = (server.GetLeftPart(UriPartial.Path).TrimEnd('/'), server.Query.TrimStart('?'));
        if (own.Length > 0)
        {
            query.Insert(0, query.Length > 0 ? own + "&" : own);
        }

        var text = $"{start}{path}{(query.Length > 0 && !path.Contains('?', StringComparison.Ordinal) ? "?" : query.Length > 0 ? "&" : "")}{query}";
        if (text.Length > LongestUrl)
        {
            return ToolOutcome.Failed($"The URL would have {text.Length} characters, more than {LongestUrl}.", "Give shorter arguments.");
        }

        var url = new Uri(text);
        if (!Network.Urls.SameOrigin(url, server))
        {
            return ToolOutcome.Failed("The arguments would lead to another server.", "Give plain names or ids.");
        }

        request.RequestUri = url;
        return null;
    }

    // Escaped slashes and dots too: some servers take an escaped path apart.
    private static bool LeadsElsewhere(string text) =>
        text.Length == 0
        || text.Split('/', '\\').Any(part => part is "." or "..")
        || Uri.UnescapeDataString(text).Split('/', '\\').Any(part => part is "." or "..")
        || text.Any(char.IsControl);
}
