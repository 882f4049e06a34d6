using System.Text.Json;

namespace Minion.Tools.Schemas.Keywords;

/// <summary><c>type</c>.</summary>
internal sealed class TypeKeyword(string[] types) : Keyword
{
    private static readonly string[] Known = ["null", "boolean", "object", "array", "string", "integer", "number"];

    public static Keyword? Compile(SchemaSource schema)
    {
        if (schema.Value("type") is not { } value)
        {
            return null;
        }

        var types = value.ValueKind == JsonValueKind.String ? [value.GetString()!] : schema.Strings("type", value) ?? [];
        foreach (var type in types)
        {
            schema.Expect(Known.Contains(type), "type", $"'{type}' is no type; there are {string.Join(", ", Known)}");
        }

        return new TypeKeyword(types);
    }

    public override bool Evaluate(JsonElement instance, Evaluation evaluation, Evaluated? seen)
    {
        foreach (var type in types)
        {
            if (Is(instance, type))
            {
                return true;
            }
        }

        return evaluation.Fail("type", $"must be {string.Join(" or ", types.Select(Article))}, but is {Article(NameOf(instance))}");
    }

    private static bool Is(JsonElement instance, string type) => instance.ValueKind switch
    {
        JsonValueKind.Null => type == "null",
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        JsonValueKind.Object => type == "object",
        JsonValueKind.Array => type == "array",
        JsonValueKind.String => type == "string",
        _ => type == "number" || (type == "integer" && JsonNumber.IsWhole(instance)),
    };

    private static string NameOf(JsonElement instance) => Known.First(type => Is(instance, type));

    private static string Article(string type) => type switch
    {
        "null" => type,
        "object" or "array" or "integer" => "an " + type,
        _ => "a " + type,
    };
}
