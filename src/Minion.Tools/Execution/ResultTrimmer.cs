using System.Text.Json;
using System.Text.Json.Nodes;

namespace Minion.Tools.Execution;

/// <summary>Shortens a result: first the texts, then the lists, until it fits; what was left out is said in place.</summary>
internal static class ResultTrimmer
{
    private const int ShortestText = 64;

    /// <summary>At most <paramref name="limit"/> bytes of JSON with the same shape; null when shortening texts and lists does not suffice.</summary>
    /// <param name="value">The result.</param>
    /// <param name="limit">Bytes.</param>
    /// <param name="kept">Where the whole is, for who reads a text that was cut; null when it is nowhere.</param>
    public static JsonElement? Trim(JsonElement value, int limit, Guid? kept = null)
    {
        var rest = kept is null ? "" : $"; read_result gives them, id {kept}";
        var items = int.MaxValue;
        for (var text = limit; text >= ShortestText; text /= 2)
        {
            if (Fitting(value, text, items, limit, rest) is { } trimmed)
            {
                return trimmed;
            }
        }

        for (items = 1024; items >= 1; items /= 2)
        {
            if (Fitting(value, ShortestText, items, limit, rest) is { } trimmed)
            {
                return trimmed;
            }
        }

        return null;
    }

    private static JsonElement? Fitting(JsonElement value, int longestText, int mostItems, int limit, string rest)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(Shorten(value, longestText, mostItems, rest), ExecutionJson.Readable.JsonNode);
        return bytes.Length <= limit ? JsonElement.Parse(bytes) : null;
    }

    private static JsonNode? Shorten(JsonElement value, int longestText, int mostItems, string rest) => value.ValueKind switch
    {
        JsonValueKind.String => JsonValue.Create(Shorten(value.GetString()!, longestText, rest)),
        JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Take(mostItems).Select(item => Shorten(item, longestText, mostItems, rest))]),
        JsonValueKind.Object => new JsonObject(value.EnumerateObject().Select(
            member => KeyValuePair.Create(member.Name, Shorten(member.Value, longestText, mostItems, rest)))),
        JsonValueKind.Null => null,
        _ => JsonValue.Create(value),
    };

    private static string Shorten(string text, int longest, string rest)
    {
        if (text.Length <= longest)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest;
        return $"{text[..end]}… [{text.Length - end} characters left out{rest}]";
    }
}
