using System.Text.Json;

namespace Minion.Tools.Sources.Http;

/// <summary>Writes arguments as parameters: https://spec.openapis.org/oas/v3.1.1.html#style-examples.</summary>
internal static class ParameterText
{
    /// <summary>What stands for the parameter in a path; what the value holds is escaped.</summary>
    public static string InPath(HttpParameter parameter, JsonElement value)
    {
        var (name, pairs) = (Uri.EscapeDataString(parameter.Name), Pairs(value).Select(pair => (Key: Escape(pair.Key), Value: Escape(pair.Value))).ToList());
        var isObject = value.ValueKind == JsonValueKind.Object;
        return parameter.Style switch
        {
            ParameterStyle.Json => Escape(value.GetRawText()),
            ParameterStyle.Label => "." + string.Join(parameter.Explode ? "." : ",", Joined(pairs, isObject, parameter.Explode)),
            ParameterStyle.Matrix when parameter.Explode => string.Concat(pairs.Select(pair => $";{(isObject ? pair.Key : name)}={pair.Value}")),
            ParameterStyle.Matrix => $";{name}={string.Join(",", Joined(pairs, isObject, explode: false))}",
            _ => string.Join(",", Joined(pairs, isObject, parameter.Explode)),
        };
    }

    /// <summary>The names and values of the parameter in a query or cookie; not escaped yet.</summary>
    public static IEnumerable<KeyValuePair<string, string>> InQuery(HttpParameter parameter, JsonElement value)
    {
        var pairs = Pairs(value);
        var isObject = value.ValueKind == JsonValueKind.Object;
        return parameter.Style switch
        {
            ParameterStyle.Json => [KeyValuePair.Create(parameter.Name, value.GetRawText())],
            ParameterStyle.DeepObject when isObject => pairs.Select(pair => KeyValuePair.Create($"{parameter.Name}[{pair.Key}]", pair.Value)),
            ParameterStyle.SpaceDelimited => [KeyValuePair.Create(parameter.Name, string.Join(' ', Joined(pairs, isObject, explode: false)))],
            ParameterStyle.PipeDelimited => [KeyValuePair.Create(parameter.Name, string.Join('|', Joined(pairs, isObject, explode: false)))],
            _ when parameter.Explode => pairs.Select(pair => KeyValuePair.Create(isObject ? pair.Key : parameter.Name, pair.Value)),
            _ => [KeyValuePair.Create(parameter.Name, string.Join(',', Joined(pairs, isObject, explode: false)))],
        };
    }

    /// <summary>The value of the parameter in a header.</summary>
    public static string InHeader(HttpParameter parameter, JsonElement value) => parameter.Style == ParameterStyle.Json
        ? value.GetRawText()
        : string.Join(',', Joined(Pairs(value), value.ValueKind == JsonValueKind.Object, parameter.Explode));

    /// <summary>A single value as text; lists and objects within others as JSON.</summary>
    public static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };

    private static List<(string Key, string Value)> Pairs(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => [.. value.EnumerateObject().Select(member => (member.Name, Text(member.Value)))],
        JsonValueKind.Array => [.. value.EnumerateArray().Select(item => ("", Text(item)))],
        _ => [("", Text(value))],
    };

    private static IEnumerable<string> Joined(List<(string Key, string Value)> pairs, bool isObject, bool explode) => !isObject
        ? pairs.Select(pair => pair.Value)
        : explode ? pairs.Select(pair => $"{pair.Key}={pair.Value}") : pairs.SelectMany(pair => new[] { pair.Key, pair.Value });

    private static string Escape(string text) => Uri.EscapeDataString(text);
}
