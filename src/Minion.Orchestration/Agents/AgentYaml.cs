using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Minion.Contracts.Orchestration.V1;
using Minion.Yaml;

namespace Minion.Orchestration.Agents;

/// <summary>
/// A definition as an entry of <c>agents</c> in a cluster file. The keys are the fields of the proto, so that a new field of the proto whose key the reader
/// takes is written without a change here.
/// </summary>
internal static class AgentYaml
{
    private const string Behaviour = "behaviour";
    private const string BehaviourOptions = "behaviour_options";
    private const string Amounts = "_usd";

    public static string Text(AgentDefinition definition) => YamlText.Write(Node(definition));

    /// <summary>Variables that the texts seem to have are escaped: they are meant as they stand.</summary>
    public static JsonObject Node(AgentDefinition definition)
    {
        var node = Message(definition);
        if (node[BehaviourOptions]?.GetValue<string>() is { } options)
        {
            node.Remove(BehaviourOptions);
            node[Behaviour] = new JsonObject { [definition.Behaviour] = Escape(JsonNode.Parse(options)) };
        }

        return node;
    }

    /// <summary>Limits, of an agent or a cluster.</summary>
    public static JsonObject Node(Limits limits) => Message(limits);

    /// <summary>The same with <c>${</c> in its texts written so that no variable is looked for.</summary>
    public static JsonNode? Escape(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.Select(e => KeyValuePair.Create(e.Key, Escape(e.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Escape)]),
        JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.String => Escape(value.GetValue<string>()),
        _ => node?.DeepClone(),
    };

    private static JsonValue Escape(string text) => JsonValue.Create(text.Replace("${", "$${", StringComparison.Ordinal));

    private static JsonObject Message(IMessage message)
    {
        var map = new JsonObject();
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            if (Field(message, field) is { } node)
            {
                map[field.Name] = node;
            }
        }

        return map;
    }

    private static JsonNode? Field(IMessage message, FieldDescriptor field)
    {
        var value = field.Accessor.GetValue(message);
        if (field.IsMap)
        {
            var pairs = ((IEnumerable<KeyValuePair<string, string>>)value).OrderBy(p => p.Key, StringComparer.Ordinal).ToList();
            return pairs.Count == 0 ? null : new JsonObject(pairs.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)Escape(p.Value))));
        }

        if (field.IsRepeated)
        {
            var items = ((System.Collections.IEnumerable)value).Cast<object>().ToList();
            return items.Count == 0 ? null : new JsonArray([.. items.Select(i => Single(field, i))]);
        }

        return field.HasPresence ? (field.Accessor.HasValue(message) ? Single(field, value) : null) : IsDefault(value) ? null : Single(field, value);
    }

    private static JsonNode? Single(FieldDescriptor field, object value) => value switch
    {
        Duration duration => DurationText.Format(duration.ToTimeSpan()),
        IMessage message => Message(message),
        System.Enum => EnumText(field, (int)value),
        string amount when field.Name.EndsWith(Amounts, StringComparison.Ordinal) => JsonNode.Parse(amount),
        string json when field.Name == BehaviourOptions => JsonValue.Create(json),
        string text => Escape(text),
        bool flag => flag,
        int number => number,
        long number => number,
        double number => number,
        _ => throw new NotSupportedException($"The field {field.Name} of {field.ContainingType.Name} has a type that no cluster file has."),
    };

    private static bool IsDefault(object value) => value is "" or 0 or 0L or 0d or false || (value is System.Enum && (int)value == 0);

    /// <summary><c>APPROVAL_WHEN_FIRST_TIME</c> is <c>first_time</c>: what all values of the enum begin with is left out.</summary>
    private static JsonNode EnumText(FieldDescriptor field, int number)
    {
        var type = field.EnumType;
        var zero = type.FindValueByNumber(0).Name;
        var prefix = zero[..^"UNSPECIFIED".Length];
        return JsonValue.Create(type.FindValueByNumber(number).Name[prefix.Length..].ToLowerInvariant());
    }
}
