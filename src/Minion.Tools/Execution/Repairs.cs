using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Schemas;

namespace Minion.Tools.Execution;

/// <summary>
/// Puts common slips of models right: a number, list or object written as a string, a single value where a list is wanted, quotes too many, a null
/// where nothing was meant. Repairs count only when everything fits afterwards, and what fits is never touched.
/// </summary>
internal static class Repairs
{
    private const int Most = 20;
    private const int LongestText = 64 * 1024;

    /// <summary>The arguments put right, and what was done; null when something would still be wrong.</summary>
    /// <param name="schema">What they should fit.</param>
    /// <param name="arguments">What does not fit.</param>
    /// <param name="errors">What is wrong with it.</param>
    public static (JsonElement Arguments, IReadOnlyList<Repair> Repairs)? Mend(JsonSchema schema, JsonElement arguments, IReadOnlyList<SchemaError> errors)
    {
        var repairs = new List<Repair>();
        while (errors.Count > 0)
        {
            if (repairs.Count == Most || MendOne(schema, arguments, errors) is not { } mended)
            {
                return null;
            }

            (arguments, errors) = (mended.Arguments, mended.Errors);
            repairs.Add(mended.Repair);
        }

        return (arguments, repairs);
    }

    /// <summary>The object in a string that should have been one: arguments quoted as a whole. Null when there is none.</summary>
    public static JsonElement? Unquoted(JsonElement text)
    {
        try
        {
            var inner = JsonElement.Parse(text.GetString()!, Arguments.Strict);
            return inner.ValueKind == JsonValueKind.Object ? inner : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static (JsonElement Arguments, IReadOnlyList<SchemaError> Errors, Repair Repair)? MendOne(
        JsonSchema schema, JsonElement arguments, IReadOnlyList<SchemaError> errors)
    {
        foreach (var path in errors.Select(error => error.Path).Where(path => path.Length > 0).Distinct().Take(Most))
        {
            if (Find(arguments, path) is not { } value)
            {
                continue;
            }

            foreach (var (candidate, what) in Candidates(value))
            {
                var mended = Put(arguments, path, candidate);
                var left = schema.Validate(mended);
                // What was read from a string may have slips of its own.
                var most = candidate is JsonObject or JsonArray ? errors.Count : errors.Count - 1;
                if (left.Count <= most && left.All(error => error.Path != path))
                {
                    return (mended, left, new Repair { Path = path, What = what });
                }
            }
        }

        return null;
    }

    private static IEnumerable<(JsonNode? Candidate, string What)> Candidates(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            yield return (Absent, "a null was left out");
        }

        if (value.ValueKind == JsonValueKind.String && value.GetString()! is { Length: <= LongestText } text)
        {
            var trimmed = text.Trim();
            if (Inner(trimmed) is { } inner)
            {
                var kind = inner switch { JsonObject => "an object", JsonArray => "a list", JsonValue v when v.GetValueKind() == JsonValueKind.Number => "a number", JsonValue v when v.GetValueKind() == JsonValueKind.String => "a string", _ => "a value" };
                yield return (inner, $"{kind} was read from the string {Cut(text)}");
            }

            if (bool.TryParse(trimmed, out var truth))
            {
                yield return (JsonValue.Create(truth), $"a truth value was read from the string {Cut(text)}");
            }

            if (trimmed.Length > 2 && trimmed[0] is '"' or '\'' or '`' && trimmed[^1] == trimmed[0])
            {
                yield return (JsonValue.Create(trimmed[1..^1]), $"the quotes around {Cut(text)} were left out");
            }

            if (trimmed != text)
            {
                yield return (JsonValue.Create(trimmed), $"the spaces around {Cut(text)} were left out");
            }

            if (trimmed.ToLowerInvariant() is var lower && lower != text)
            {
                yield return (JsonValue.Create(lower), $"{Cut(text)} was written in lower case");
            }
        }

        if (value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
        {
            yield return (JsonValue.Create(value.GetRawText()), $"{Cut(value.GetRawText())} was made a string");
        }

        if (value.ValueKind is not JsonValueKind.Array and not JsonValueKind.Null)
        {
            yield return (new JsonArray(Node(value)), "a single value was made a list");
            if (value.ValueKind == JsonValueKind.String && Inner(value.GetString()!.Trim()) is { } inner and not JsonArray)
            {
                yield return (new JsonArray(inner), $"a single value was made a list, read from the string {Cut(value.GetString()!)}");
            }
        }

        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 1)
        {
            yield return (Node(value[0]), "a list of one was made a single value");
        }
    }

    // Says that the member is to be left out.
    private static readonly JsonNode Absent = new JsonObject();

    private static JsonNode? Inner(string text)
    {
        try
        {
            return text.Length == 0 ? null : Node(JsonElement.Parse(text, Arguments.Strict));
        }
        catch (JsonException)
        {
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? JsonValue.Create(number) : null;
        }
    }

    private static JsonNode? Node(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : JsonNode.Parse(value.GetRawText());

    private static JsonElement? Find(JsonElement value, string path)
    {
        foreach (var segment in path[1..].Split('/'))
        {
            if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty(Unescape(segment), out var member))
            {
                value = member;
            }
            else if (value.ValueKind == JsonValueKind.Array && int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < value.GetArrayLength())
            {
                value = value[index];
            }
            else
            {
                return null;
            }
        }

        return value;
    }

    private static JsonElement Put(JsonElement arguments, string path, JsonNode? candidate)
    {
        var root = JsonNode.Parse(arguments.GetRawText())!;
        var segments = path[1..].Split('/');
        var parent = root;
        foreach (var segment in segments[..^1])
        {
            parent = parent is JsonArray list ? list[int.Parse(segment, CultureInfo.InvariantCulture)]! : parent[Unescape(segment)]!;
        }

        if (parent is JsonArray array)
        {
            array[int.Parse(segments[^1], CultureInfo.InvariantCulture)] = candidate?.DeepClone();
        }
        else if (ReferenceEquals(candidate, Absent))
        {
            parent.AsObject().Remove(Unescape(segments[^1]));
        }
        else
        {
            parent[Unescape(segments[^1])] = candidate?.DeepClone();
        }

        return JsonElement.Parse(root.ToJsonString());
    }

    private static string Unescape(string segment) => segment.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    private static string Cut(string text) => JsonSerializer.Serialize(text.Length <= 40 ? text : text[..40] + "…", ExecutionJson.Readable.String);
}
