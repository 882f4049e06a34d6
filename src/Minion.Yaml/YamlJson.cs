using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Minion.Yaml;

/// <summary>Free-form parts of a file as JSON. Plain values are typed as in YAML 1.2's JSON schema (section 10.2); anything else is text.</summary>
public static partial class YamlJson
{
    /// <summary>The node as JSON; <paramref name="resolve"/> gives the text of a value with its variables.</summary>
    public static JsonNode? Convert(YamlNode node, Func<YamlScalar, string> resolve)
    {
        switch (node)
        {
            case YamlMap map:
                var result = new JsonObject();
                foreach (var entry in map.Entries)
                {
                    result[entry.Key] = Convert(entry.Value, resolve);
                }

                return result;
            case YamlList list:
                return new JsonArray([.. list.Items.Select(i => Convert(i, resolve))]);
            case YamlScalar { IsNull: true }:
                return null;
            case YamlScalar { IsPlain: true } plain when resolve(plain) is var text:
                return text is "true" or "false" || Number().IsMatch(text) ? JsonNode.Parse(text) : JsonValue.Create(text);
            default:
                return JsonValue.Create(resolve((YamlScalar)node));
        }
    }

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Number();
}
