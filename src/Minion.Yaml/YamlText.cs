using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Minion.Yaml;

/// <summary>Writes JSON as YAML for people, which <see cref="YamlTree"/> and <see cref="YamlJson"/> read back to the same JSON.</summary>
public static partial class YamlText
{
    private const int LongestLine = 100;

    private static readonly HashSet<string> Reserved =
        new(["true", "false", "null", "yes", "no", "on", "off", "y", "n"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The mapping as lines that each end with a line feed; empty for an empty one.</summary>
    public static string Write(JsonObject map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var text = new StringBuilder();
        Map(text, map, 0);
        return text.ToString();
    }

    private static void Map(StringBuilder text, JsonObject map, int indent)
    {
        foreach (var (i, (key, value)) in map.Index())
        {
            // The first key of a list's item stands beside the dash.
            if (i > 0 || text.Length == 0 || text[^1] == '\n')
            {
                text.Append(' ', indent);
            }

            text.Append(Line(key)).Append(':');
            Value(text, value, indent);
        }
    }

    private static void Value(StringBuilder text, JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } map:
                text.Append('\n');
                Map(text, map, indent + 2);
                return;
            case JsonArray { Count: > 0 } list when Flow(list) is { } line && line.Length + indent <= LongestLine:
                text.Append(' ').Append(line).Append('\n');
                return;
            case JsonArray { Count: > 0 } list:
                text.Append('\n');
                List(text, list, indent + 2);
                return;
            case JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String && scalar.GetValue<string>() is var given && IsLiteral(given):
                Literal(text, given, indent + 2);
                return;
            default:
                text.Append(' ').Append(Scalar(value)).Append('\n');
                return;
        }
    }

    private static void List(StringBuilder text, JsonArray list, int indent)
    {
        foreach (var item in list)
        {
            text.Append(' ', indent).Append('-');
            if (item is JsonObject { Count: > 0 } map)
            {
                text.Append(' ');
                Map(text, map, indent + 2);
            }
            else
            {
                Value(text, item, indent);
            }
        }
    }

    /// <summary>A list of short single values in one line; null when it is another one.</summary>
    private static string? Flow(JsonArray list) => list.Any(i => i is JsonObject or JsonArray || (i is not null && Scalar(i).Length > LongestLine))
        ? null
        : $"[{string.Join(", ", list.Select(Scalar))}]";

    private static string Scalar(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject => "{}",
        JsonArray => "[]",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Line(value.GetValue<string>()),
        _ => node.ToJsonString(),
    };

    private static string Line(string text) => Plain().IsMatch(text) && !Reserved.Contains(text) ? text : Quote(text);

    /// <summary>Several lines that a block takes as they are (YAML 1.2, section 8.1.2).</summary>
    private static bool IsLiteral(string text) =>
        text.AsSpan(0, Math.Max(0, text.Length - 1)).Contains('\n')
        && text[0] is not (' ' or '\n')
        && !text.EndsWith("\n\n", StringComparison.Ordinal)
        && !text.Any(c => c != '\n' && IsEscaped(c))
        && !text.Split('\n').Any(line => line.EndsWith(' '));

    private static void Literal(StringBuilder text, string given, int indent)
    {
        text.Append(given.EndsWith('\n') ? " |\n" : " |-\n");
        foreach (var line in given.TrimEnd('\n').Split('\n'))
        {
            text.Append(' ', line.Length == 0 ? 0 : indent).Append(line).Append('\n');
        }
    }

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                '\r' => quoted.Append("\\r"),
                _ when IsEscaped(c) => quoted.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture)),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>Control characters, other ends of lines, the byte order mark and what is no character.</summary>
    private static bool IsEscaped(char c) => c is < ' ' or (>= '\u007f' and <= '\u00a0') or '\u2028' or '\u2029' or '\ufeff' or '\ufffe' or '\uffff';

    /// <summary>Words, and durations such as 1h30m.</summary>
    [GeneratedRegex(@"^(?:[A-Za-z_][A-Za-z0-9_./()-]*(?: [A-Za-z0-9_./()-]+)*|(?:[0-9]{1,7}(?:d|h|ms|m|s))+)\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Plain();
}
