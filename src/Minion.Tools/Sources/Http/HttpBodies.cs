using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Minion.Tools.Sources.Http;

/// <summary>Writes the bodies of requests.</summary>
internal static class HttpBodies
{
    /// <summary>The body; null when the arguments have nothing for it.</summary>
    public static HttpContent? Write(HttpBody body, JsonElement arguments)
    {
        if (Value(body, arguments) is not { } value)
        {
            return null;
        }

        HttpContent content = body.Kind switch
        {
            BodyKind.Json => new ByteArrayContent(Encoding.UTF8.GetBytes(value.GetRawText())),
            BodyKind.Form => new FormUrlEncodedContent(Fields(value)),
            BodyKind.Multipart => Multipart(value),
            _ => new ByteArrayContent(Encoding.UTF8.GetBytes(ParameterText.Text(value))),
        };
        if (body.Kind is BodyKind.Json or BodyKind.Text)
        {
            content.Headers.ContentType = new MediaTypeHeaderValue(body.MediaType) { CharSet = body.Kind == BodyKind.Text ? "utf-8" : null };
        }

        return content;
    }

    private static JsonElement? Value(HttpBody body, JsonElement arguments)
    {
        if (body.Argument.Length > 0)
        {
            return arguments.TryGetProperty(body.Argument, out var value) ? value : null;
        }

        var members = new JsonObject();
        foreach (var name in body.Members)
        {
            if (arguments.TryGetProperty(name, out var member))
            {
                members[name] = JsonNode.Parse(member.GetRawText());
            }
        }

        return members.Count > 0 ? JsonElement.Parse(members.ToJsonString()) : null;
    }

    private static IEnumerable<KeyValuePair<string, string>> Fields(JsonElement value) => value.ValueKind == JsonValueKind.Object
        ? value.EnumerateObject().SelectMany(member => member.Value.ValueKind == JsonValueKind.Array
            ? member.Value.EnumerateArray().Select(item => KeyValuePair.Create(member.Name, ParameterText.Text(item)))
            : [KeyValuePair.Create(member.Name, ParameterText.Text(member.Value))])
        : [];

    private static MultipartFormDataContent Multipart(JsonElement value)
    {
        var content = new MultipartFormDataContent();
        foreach (var (name, text) in Fields(value))
        {
            var field = new StringContent(text, Encoding.UTF8);
            field.Headers.ContentType = null;

            // Quoted by hand: the header's own check refuses names with brackets.
            field.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"{Quote(name)}\"");
            content.Add(field);
        }

        return content;
    }

    /// <summary>As browsers write it: https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data.</summary>
    private static string Quote(string name) => name
        .Replace("\"", "%22", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);
}
