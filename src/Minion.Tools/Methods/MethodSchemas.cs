using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;

namespace Minion.Tools.Methods;

/// <summary>JSON Schemas of C# types: what System.Text.Json reads and writes, with descriptions and data annotations.</summary>
internal static class MethodSchemas
{
    /// <summary>The input schema of a method.</summary>
    public static string Input(IEnumerable<MethodParameter> parameters)
    {
        var (properties, required) = (new JsonObject(), new JsonArray());
        foreach (var parameter in parameters.Where(parameter => parameter.IsAsked))
        {
            var schema = Of(parameter.Type, $"/properties/{parameter.Argument}");
            schema = schema is JsonObject ? schema : new JsonObject();
            Annotate(schema.AsObject(), parameter.Info);
            if (parameter.IsRequired)
            {
                required.Add(parameter.Argument);
            }
            else if (parameter.Default is { } value)
            {
                schema["default"] = JsonSerializer.SerializeToNode(value, parameter.Type, MethodJson.Options);
            }

            properties[parameter.Argument] = schema;
        }

        return new JsonObject { ["type"] = "object", ["properties"] = properties, ["required"] = required, ["additionalProperties"] = false }.ToJsonString();
    }

    /// <summary>The schema of a type that stands at <paramref name="under"/> (a JSON Pointer) in another one.</summary>
    /// <param name="type">The type.</param>
    /// <param name="under">Where it stands.</param>
    /// <param name="mayBeNull">Whether a reference may be null where the type does not say.</param>
    public static JsonNode Of(Type type, string under, bool mayBeNull = false)
    {
        var schema = MethodJson.Options.GetJsonSchemaAsNode(type, new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = !mayBeNull,
            TransformSchemaNode = (context, node) =>
            {
                if (node is JsonObject described && context.PropertyInfo?.AttributeProvider is { } property)
                {
                    Annotate(described, property);
                }

                return node;
            },
        });
        Move(schema, under);
        return schema;
    }

    /// <summary>What a type is to a model.</summary>
    public static string Word(Type type) => (Nullable.GetUnderlyingType(type) ?? type).Name.ToLowerInvariant();

    // References are written from the root of the type's own schema.
    private static void Move(JsonNode? node, string under)
    {
        switch (node)
        {
            case JsonObject map:
                if (map["$ref"] is JsonValue reference && reference.ToString() is ['#', .. var rest])
                {
                    map["$ref"] = $"#{under}{rest}";
                }

                foreach (var member in map.ToList())
                {
                    Move(member.Value, under);
                }

                break;
            case JsonArray list:
                foreach (var item in list)
                {
                    Move(item, under);
                }

                break;
        }
    }

    private static void Annotate(JsonObject schema, ICustomAttributeProvider provider)
    {
        foreach (var attribute in provider.GetCustomAttributes(inherit: true))
        {
            switch (attribute)
            {
                case DescriptionAttribute description:
                    schema["description"] = description.Description;
                    break;
                case RangeAttribute range:
                    schema["minimum"] = Number(range.Minimum);
                    schema["maximum"] = Number(range.Maximum);
                    break;
                case StringLengthAttribute length:
                    schema["minLength"] = length.MinimumLength;
                    schema["maxLength"] = length.MaximumLength;
                    break;
                case MaxLengthAttribute { Length: >= 0 } most:
                    schema[IsList(schema) ? "maxItems" : "maxLength"] = most.Length;
                    break;
                case MinLengthAttribute least:
                    schema[IsList(schema) ? "minItems" : "minLength"] = least.Length;
                    break;
                case RegularExpressionAttribute pattern:
                    schema["pattern"] = $"^(?:{pattern.Pattern})$";
                    break;
            }
        }
    }

    private static bool IsList(JsonObject schema) => schema["type"] switch
    {
        JsonValue type => type.ToString() == "array",
        JsonArray types => types.Any(type => type?.ToString() == "array"),
        _ => false,
    };

    private static JsonNode Number(object bound) => JsonNode.Parse(Convert.ToString(bound, CultureInfo.InvariantCulture)!)!;
}
