using System.Text.Json.Nodes;

namespace Minion.Tools.Sources.OpenApi;

/// <summary>
/// Schemas that come back to themselves without going into the value (<c>A: allOf: [A]</c>) describe nothing and would be evaluated
/// for ever. What closes such a circle is left out; schemas that contain themselves in a member are fine.
/// </summary>
internal static class InPlaceCycles
{
    private const string Prefix = "#/$defs/";
    private const int Deepest = 500;
    private static readonly string[] Lists = ["allOf", "anyOf", "oneOf"];
    private static readonly string[] Singles = ["not", "if", "then", "else"];

    public static void Cut(JsonObject definitions)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in definitions.Select(definition => definition.Key).ToList())
        {
            Visit(name, definitions, [], done);
        }
    }

    private static void Visit(string name, JsonObject definitions, HashSet<string> way, HashSet<string> done)
    {
        if (done.Contains(name) || way.Count > Deepest || definitions[name] is not JsonObject schema)
        {
            return;
        }

        way.Add(name);
        foreach (var part in InPlace(schema).ToList())
        {
            var target = part["$ref"]!.ToString()[Prefix.Length..];
            if (way.Contains(target))
            {
                part.Remove("$ref");
            }
            else
            {
                Visit(target, definitions, way, done);
            }
        }

        way.Remove(name);
        done.Add(name);
    }

    private static IEnumerable<JsonObject> InPlace(JsonObject schema)
    {
        IEnumerable<JsonNode?> parts = [.. Singles.Select(key => schema[key]), .. Lists.SelectMany(key => schema[key] as JsonArray ?? [])];
        var own = schema["$ref"] is not null ? new[] { schema } : [];
        return own.Concat(parts.OfType<JsonObject>().SelectMany(InPlace));
    }
}
