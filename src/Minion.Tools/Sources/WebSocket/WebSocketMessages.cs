using System.Text.Json;
using System.Text.Json.Nodes;

namespace Minion.Tools.Sources.WebSocket;

/// <summary>Makes messages of arguments, and knows which answer belongs to one.</summary>
internal static class WebSocketMessages
{
    /// <summary>What is sent; with <paramref name="id"/> as the member that answers repeat.</summary>
    public static JsonNode Of(WebSocketRequest request, JsonElement arguments, string correlation, string id)
    {
        var message = Fill(request.Message ?? arguments, arguments, isTemplate: request.Message is not null) ?? new JsonObject();
        if (correlation.Length > 0 && message is JsonObject map)
        {
            map[correlation] = id;
        }

        return message;
    }

    /// <summary>Whether <paramref name="answer"/> repeats <paramref name="id"/>, as a text or as part of what holds it.</summary>
    public static bool Answers(JsonElement? answer, string correlation, string id) =>
        correlation.Length == 0
        || (answer is { ValueKind: JsonValueKind.Object } map && map.TryGetProperty(correlation, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() == id);

    private static JsonNode? Fill(JsonElement value, JsonElement arguments, bool isTemplate) => value.ValueKind switch
    {
        JsonValueKind.Object => new JsonObject(value.EnumerateObject()
            .Where(member => !isTemplate || !IsAbsent(member.Value, arguments))
            .Select(member => KeyValuePair.Create(member.Name, Fill(member.Value, arguments, isTemplate)))),
        JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Where(item => !isTemplate || !IsAbsent(item, arguments)).Select(item => Fill(item, arguments, isTemplate))]),
        JsonValueKind.String when isTemplate && Argument(value) is { } name => JsonNode.Parse(arguments.GetProperty(name).GetRawText()),
        _ => JsonNode.Parse(value.GetRawText()),
    };

    // An argument that was not given leaves its place out.
    private static bool IsAbsent(JsonElement value, JsonElement arguments) => Argument(value) is { } name && !arguments.TryGetProperty(name, out _);

    private static string? Argument(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is ['{', .. { Length: > 0 } name, '}'] && Http.HttpNames.IsArgument(name) ? name : null;
}
