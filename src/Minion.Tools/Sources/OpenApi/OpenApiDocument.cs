using System.Text.Json;
using Minion.Tools.Schemas;

namespace Minion.Tools.Sources.OpenApi;

/// <summary>A description whose references can be followed. Only references within it are: nothing is fetched.</summary>
internal sealed class OpenApiDocument
{
    private const int MostReferences = 32;

    public OpenApiDocument(JsonElement root)
    {
        Root = root;
        var version = root.ValueKind == JsonValueKind.Object ? Text(root, "openapi") : "";
        if (!version.StartsWith("3.", StringComparison.Ordinal))
        {
            throw new ToolSourceException(Text(root, "swagger").Length > 0
                ? "The description is Swagger 2.0; only OpenAPI 3.x is read: convert it."
                : "The text is no OpenAPI description: it does not begin with 'openapi: 3.…'.");
        }

        IsVersion30 = version.StartsWith("3.0", StringComparison.Ordinal);
    }

    public JsonElement Root { get; }

    /// <summary>Whether schemas are OpenAPI's own dialect and not JSON Schema.</summary>
    public bool IsVersion30 { get; }

    /// <summary>What <paramref name="value"/> is, or refers to.</summary>
    /// <exception cref="OpenApiException">It refers to something that is not there, or to itself.</exception>
    public JsonElement Resolve(JsonElement value)
    {
        for (var i = 0; i < MostReferences; i++)
        {
            if (Reference(value) is not { } reference)
            {
                return value;
            }

            value = Find(reference);
        }

        throw new OpenApiException($"'{Reference(value)}' refers to itself");
    }

    /// <summary>What <paramref name="reference"/> refers to; that may be a reference again.</summary>
    /// <exception cref="OpenApiException">It is not there.</exception>
    public JsonElement Find(string reference)
    {
        if (!reference.StartsWith('#'))
        {
            throw new OpenApiException($"refers to '{reference}' outside of the description, which is not fetched");
        }

        return JsonPointer.Find(Root, Uri.UnescapeDataString(reference[1..])) ?? throw new OpenApiException($"refers to '{reference}', which is not there");
    }

    public static string? Reference(JsonElement value) =>
        Member(value, "$ref") is { ValueKind: JsonValueKind.String } reference ? reference.GetString() : null;

    public static JsonElement? Member(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) ? member : null;

    public static string Text(JsonElement value, string name) =>
        Member(value, name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";

    public static bool Flag(JsonElement value, string name, bool otherwise = false) =>
        Member(value, name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } flag ? flag.GetBoolean() : otherwise;

    public static IEnumerable<JsonElement> Items(JsonElement value, string name) =>
        Member(value, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    public static IEnumerable<JsonProperty> Members(JsonElement value, string name) =>
        Member(value, name) is { ValueKind: JsonValueKind.Object } map ? map.EnumerateObject() : [];
}

/// <summary>A part of a description cannot become a tool; the message continues the name of the part.</summary>
internal sealed class OpenApiException(string message) : Exception(message);
