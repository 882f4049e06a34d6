using System.Text.Json;

namespace Minion.Tools.Schemas;

/// <summary>Where in a schema there are subschemas.</summary>
internal static class SubschemaKeywords
{
    private static readonly string[] One =
    [
        "additionalProperties", "propertyNames", "items", "additionalItems", "contains", "not", "if", "then", "else",
        "unevaluatedItems", "unevaluatedProperties", "contentSchema",
    ];

    private static readonly string[] List = ["allOf", "anyOf", "oneOf", "prefixItems", "items"];

    private static readonly string[] Map =
        ["properties", "patternProperties", "dependentSchemas", "dependencies", "$defs", "definitions"];

    /// <summary>The subschemas of <paramref name="schema"/>, with their pointers from the document's root.</summary>
    public static IEnumerable<(JsonElement Schema, string Pointer)> Of(JsonElement schema, string pointer)
    {
        foreach (var property in schema.EnumerateObject())
        {
            var at = JsonPointer.Append(pointer, property.Name);
            if (property.Value.ValueKind == JsonValueKind.Array && List.Contains(property.Name))
            {
                var index = 0;
                foreach (var item in property.Value.EnumerateArray())
                {
                    yield return (item, JsonPointer.Append(at, index++));
                }
            }
            else if (property.Value.ValueKind == JsonValueKind.Object && Map.Contains(property.Name))
            {
                foreach (var member in property.Value.EnumerateObject())
                {
                    yield return (member.Value, JsonPointer.Append(at, member.Name));
                }
            }
            else if (One.Contains(property.Name))
            {
                yield return (property.Value, at);
            }
        }
    }
}
