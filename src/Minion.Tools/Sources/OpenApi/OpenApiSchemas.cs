using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Minion.Tools.Schemas;

namespace Minion.Tools.Sources.OpenApi;

/// <summary>
/// Makes JSON Schemas (draft 2020-12) of a description's schemas for one operation. What is referred to stands under <c>$defs</c>
/// once, so that schemas in cycles stay as they are.
/// </summary>
internal sealed class OpenApiSchemas(OpenApiDocument document, bool withDescriptions)
{
    private const int MostSchemas = 20_000;
    private const int Deepest = 60;
    private const int LongestDescription = 400;

    private static readonly string[] Plain =
    [
        "type", "enum", "const", "multipleOf", "maximum", "minimum", "maxLength", "minLength", "maxItems", "minItems", "uniqueItems", "maxProperties",
        "minProperties", "required", "default", "format", "dependentRequired", "minContains", "maxContains",
    ];

    private static readonly string[] OneSchema = ["items", "additionalProperties", "not", "if", "then", "else", "propertyNames", "contains", "unevaluatedProperties", "unevaluatedItems"];
    private static readonly string[] ListOfSchemas = ["allOf", "anyOf", "oneOf", "prefixItems"];
    private static readonly string[] MapOfSchemas = ["properties", "patternProperties", "dependentSchemas"];

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Queue<string> _open = new();
    private int _count;

    /// <summary>The schema; what it refers to is in <see cref="Definitions"/> then.</summary>
    public JsonNode Convert(JsonElement schema) => Convert(schema, depth: 0);

    /// <summary>What the schemas until now refer to.</summary>
    public JsonObject Definitions()
    {
        var definitions = new JsonObject();
        while (_open.TryDequeue(out var reference))
        {
            definitions[_names[reference]] = Convert(Target(reference), depth: 0);
        }

        InPlaceCycles.Cut(definitions);
        return definitions;
    }

    private JsonNode Convert(JsonElement schema, int depth)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return JsonValue.Create(schema.GetBoolean());
        }

        if (schema.ValueKind != JsonValueKind.Object || depth > Deepest)
        {
            return JsonValue.Create(true);
        }

        if (++_count > MostSchemas)
        {
            throw new OpenApiException($"has more than {MostSchemas} schemas");
        }

        var converted = OpenApiDocument.Reference(schema) is { } reference ? new JsonObject { ["$ref"] = $"#/$defs/{NameOf(reference)}" } : Object(schema, depth);
        Describe(converted, schema);
        return converted;
    }

    private JsonObject Object(JsonElement schema, int depth)
    {
        var converted = new JsonObject();
        foreach (var member in schema.EnumerateObject())
        {
            if (Plain.Contains(member.Name))
            {
                converted[member.Name] = JsonNode.Parse(member.Value.GetRawText());
            }
            else if (OneSchema.Contains(member.Name))
            {
                converted[member.Name] = Convert(member.Value, depth + 1);
            }
            else if (ListOfSchemas.Contains(member.Name) && member.Value.ValueKind == JsonValueKind.Array && member.Value.GetArrayLength() > 0)
            {
                converted[member.Name] = new JsonArray([.. member.Value.EnumerateArray().Select(item => Convert(item, depth + 1))]);
            }
            else if (MapOfSchemas.Contains(member.Name) && member.Value.ValueKind == JsonValueKind.Object)
            {
                converted[member.Name] = new JsonObject(member.Value.EnumerateObject()
                    .Where(property => !OpenApiDocument.Flag(property.Value, "readOnly"))
                    .DistinctBy(property => property.Name, StringComparer.Ordinal)
                    .Select(property => KeyValuePair.Create<string, JsonNode?>(property.Name, Convert(property.Value, depth + 1))));
            }
        }

        OldDialect.Mend(converted, schema, document.IsVersion30);
        LeaveOutReadOnly(converted, schema);
        KeepPattern(converted, schema);
        return converted;
    }

    private void Describe(JsonObject converted, JsonElement schema)
    {
        if (withDescriptions && OpenApiDocument.Text(schema, "description") is { Length: > 0 } description)
        {
            converted["description"] = description.Length <= LongestDescription ? description : description[..LongestDescription] + "…";
        }
    }

    // What only the server sets is not asked of the model.
    private static void LeaveOutReadOnly(JsonObject converted, JsonElement schema)
    {
        var readOnly = OpenApiDocument.Members(schema, "properties").Where(property => OpenApiDocument.Flag(property.Value, "readOnly"))
            .Select(property => property.Name).ToHashSet(StringComparer.Ordinal);
        if (converted["required"] is JsonArray required && readOnly.Count > 0)
        {
            converted["required"] = new JsonArray([.. required.Where(name => !readOnly.Contains(name?.ToString() ?? "")).Select(name => name?.DeepClone())]);
        }
    }

    // A pattern in another dialect of regular expressions is left to the server.
    private static void KeepPattern(JsonObject converted, JsonElement schema)
    {
        if (OpenApiDocument.Text(schema, "pattern") is { Length: > 0 } pattern && IsSchema(new JsonObject { ["pattern"] = pattern }))
        {
            converted["pattern"] = pattern;
        }
    }

    /// <summary>Whether it compiles.</summary>
    public static bool IsSchema(JsonNode schema)
    {
        try
        {
            JsonSchema.Parse(schema.ToJsonString());
            return true;
        }
        catch (SchemaException)
        {
            return false;
        }
    }

    private string NameOf(string reference)
    {
        if (!_names.TryGetValue(reference, out var name))
        {
            var last = JsonPointer.Unescape(reference[(reference.LastIndexOf('/') + 1)..]);
            name = new string([.. last.Take(60).Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_')]);
            if (name.Length == 0 || _names.ContainsValue(name))
            {
                name = $"{name}_{System.Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(reference)))[..8]}";
            }

            _ = Target(reference);
            _names.Add(reference, name);
            _open.Enqueue(reference);
        }

        return name;
    }

    // A chain of bare references ends in something, or in itself: that says nothing, so anything fits.
    private JsonElement Target(string reference)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var target = document.Find(reference);
        while (seen.Add(reference) && OpenApiDocument.Reference(target) is { } next)
        {
            (reference, target) = (next, document.Find(next));
        }

        return OpenApiDocument.Reference(target) is null ? target : JsonElement.Parse("true");
    }
}
