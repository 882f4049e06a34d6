using System.Text.Json;
using System.Text.Json.Nodes;

namespace Minion.Tools.Execution;

/// <summary>Shortens a result: first the texts, then the lists, until it fits; what was left out is said in place.</summary>
internal static class ResultTrimmer
{
    private const int ShortestText = 64;

    /// <summary>At most <paramref name="limit"/> bytes of JSON with the same shape; null when shortening texts and lists does not suffice.</summary>
    public static JsonElement? Trim(JsonElement value, int limit)
    {
        var items = int.MaxValue;
        for (var text = limit; text >= ShortestText; text /= 2)
        {
            if (Fitting(value, text, items, limit) is { } trimmed)
            {
                return trimmed;
            }
        }

        for (items = 1024; items >= 1; items /= 2)
        {
            if (Fitting(value, ShortestText, items, limit) is { } trimmed)
            {
                return trimmed;
            }
        }

        return null;
    }

    private static JsonElement? Fitting(JsonElement value, int longestText, int mostItems, int limit)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(Shorten(value, longestText, mostItems), ExecutionJson.Readable.JsonNode);
        return bytes.Length <= limit ? JsonElement.Parse(bytes) : null;
    }

    private static JsonNode? Shorten(JsonElement value, int longestText, int mostItems) => value.ValueKind switch
    {
        JsonValueKind.String => JsonValue.Create(Shorten(value.GetString()!, longestText)),
        JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Take(mostItems).Select(item => Shorten(item, longestText, mostItems))]),
        JsonValueKind.Object => new JsonObject(value.EnumerateObject().Select(
            member => KeyValuePair.Create(member.Name, Shorten(member.Value, longestText, mostItems)))),
        JsonValueKind.Null => null,
        _ => JsonValue.Create(value),
    };

    private static string Shorten(string text, int longest)
    {
        if (text.Length <= longest)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest;
        return $"{text[..end]}… [{text.Length - end} characters left out]";
    }
}
