using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Minion.Models.Providers.Scripted;

/// <summary>Tools' results as templates see them.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A result as the conversation carries it: JSON when it is JSON, else its text.</summary>
    public static JsonNode? FromResult(object? result)
    {
        if (result is not string text)
        {
            return result is JsonElement element ? FromElement(element) : JsonSerializer.SerializeToNode(result);
        }

        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    /// <summary>A field of an object, an item of a list by its position, or that field of all items.</summary>
    public static JsonNode? Field(JsonNode? value, string field, string expression) => value switch
    {
        JsonObject members when members.TryGetPropertyValue(field, out var member) => member,
        JsonObject members => throw new TemplateException($"'{expression}' is not in the result, which has {Names(members)}"),
        JsonArray items when int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var index) =>
            index < items.Count ? items[index] : throw new TemplateException($"'{expression}' is not in the result, whose list has {items.Count} items"),
        JsonArray items => new JsonArray([.. items.Select(i => Field(i, field, expression)?.DeepClone())]),
        _ => throw new TemplateException($"'{expression}' is not in the result, which is no object"),
    };

    /// <summary>A value in a sentence: lists with commas, objects as JSON, null as nothing.</summary>
    public static string ToText(JsonNode? value) => value switch
    {
        null => "",
        JsonArray items => string.Join(", ", items.Select(ToText)),
        JsonValue text when text.TryGetValue<string>(out var content) => content,
        _ => value.ToJsonString(Plain),
    };

    /// <summary>A text as it stands between the quotes of a JSON string.</summary>
    public static string Escape(string text) => JsonSerializer.Serialize(text, Plain)[1..^1];

    private static JsonNode? FromElement(JsonElement element) =>
        element.ValueKind == JsonValueKind.String ? FromResult(element.GetString()) : JsonNode.Parse(element.GetRawText());

    private static string Names(JsonObject members) =>
        members.Count == 0 ? "no fields" : "the fields " + string.Join(", ", members.Take(20).Select(m => m.Key));
}
