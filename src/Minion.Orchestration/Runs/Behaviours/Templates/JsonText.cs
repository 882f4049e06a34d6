using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Minion.Orchestration.Runs.Behaviours.Templates;

/// <summary>JSON in what a model says.</summary>
internal static class JsonText
{
    private const int Longest = 1_000_000;
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The object or list in a text, which may stand in a code fence or between sentences; null when there is none.</summary>
    public static JsonNode? Find(string text)
    {
        if (text.Length > Longest)
        {
            return null;
        }

        var start = text.IndexOfAny(['{', '[']);
        if (start < 0)
        {
            return null;
        }

        var end = text.LastIndexOf(text[start] == '{' ? '}' : ']');
        return Parse(text) ?? (end > start ? Parse(text[start..(end + 1)]) : null);
    }

    /// <summary>A member by its path (<c>a.b.0</c>); null when it is not there.</summary>
    public static JsonNode? At(JsonNode? value, IEnumerable<string> path)
    {
        foreach (var part in path)
        {
            value = value switch
            {
                JsonObject members => members.TryGetPropertyValue(part, out var member) ? member : null,
                JsonArray items when int.TryParse(part, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var i) && i < items.Count => items[i],
                _ => null,
            };
        }

        return value;
    }

    /// <summary>A value in a text: a string as it is, anything else as JSON, null as nothing.</summary>
    public static string Show(JsonNode? value) => value switch
    {
        null => "",
        JsonValue text when text.TryGetValue<string>(out var content) => content,
        _ => value.ToJsonString(Plain),
    };

    /// <summary>A text as a JSON value: what it holds when that is an object or a list and nothing else, or else the text itself.</summary>
    public static JsonNode Value(string text) => text.AsSpan().TrimStart() is ['{' or '[', ..] && Parse(text) is { } value ? value : JsonValue.Create(text);

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: Strict) is JsonNode node and (JsonObject or JsonArray) ? Checked(node) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // A member that stands twice is only noticed when the object is first looked into.
    private static JsonNode? Checked(JsonNode node)
    {
        try
        {
            var left = new Stack<JsonNode>([node]);
            while (left.TryPop(out var next))
            {
                foreach (var below in next is JsonObject members ? members.Select(m => m.Value) : next as JsonArray ?? [])
                {
                    if (below is not null)
                    {
                        left.Push(below);
                    }
                }
            }

            return node;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
