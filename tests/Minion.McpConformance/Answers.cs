using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol.Protocol;

namespace Minion.McpConformance;

/// <summary>What a client answered; null for what it did not, or in another form than was asked for.</summary>
internal static class Answers
{
    public static bool Has(RequestParams? parameters, string id) => parameters?.InputResponses?.ContainsKey(id) is true;

    public static string? Field(RequestParams? parameters, string id, string field) =>
        Read(parameters, id, InputResponse.ElicitResultJsonTypeInfo)?.Content is { } content
        && content.TryGetValue(field, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    public static string? Said(RequestParams? parameters, string id) =>
        Read(parameters, id, InputResponse.CreateMessageResultJsonTypeInfo) is { Content: { } content }
            ? string.Concat(content.OfType<TextContentBlock>().Select(block => block.Text))
            : null;

    public static string? Roots(RequestParams? parameters, string id) =>
        Read(parameters, id, InputResponse.ListRootsResultJsonTypeInfo) is { Roots: { } roots } ? string.Join(", ", roots.Select(root => root.Uri)) : null;

    private static T? Read<T>(RequestParams? parameters, string id, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return parameters?.InputResponses is { } responses && responses.TryGetValue(id, out var response) ? response.Deserialize(type) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
