using System.Text.Json;
using Minion.Contracts.Faults;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Inbox;

/// <summary>
/// A form as a tool gives it: JSON Schema of an object of flat fields, as the elicitation of the Model Context Protocol restricts it
/// (https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation).
/// </summary>
internal static class FormFields
{
    private const int Most = 64;
    private const int Deepest = 16;

    /// <summary>Why a schema is no form; null when it is one, or empty.</summary>
    public static string? ProblemOf(string schema)
    {
        if (schema.Length == 0)
        {
            return null;
        }

        if (StoredJson.ProblemOfArguments(schema, Deepest) is { } problem)
        {
            return $"its schema {problem}";
        }

        try
        {
            return Read(schema).Count > Most ? $"it has more than {Most} fields" : null;
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException or KeyNotFoundException)
        {
            return "its schema is not an object of flat fields";
        }
    }

    /// <summary>The fields in their order.</summary>
    public static IReadOnlyList<FormField> Read(string schema)
    {
        using var document = JsonDocument.Parse(schema);
        var root = document.RootElement;
        if (!root.TryGetProperty("properties", out var properties))
        {
            return [];
        }

        var required = root.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(n => n.GetString()).ToHashSet(StringComparer.Ordinal) : [];
        return [.. properties.EnumerateObject().Select(p => Field(p.Name, p.Value, required.Contains(p.Name)))];
    }

    /// <summary>Holds a filled-in form to its fields; all that is wrong is said at once.</summary>
    public static void Check(string schema, string json, string field, Violations violations)
    {
        if (StoredJson.ProblemOfArguments(json.Length == 0 ? "{}" : json, Deepest) is { } problem)
        {
            violations.Add(field, $"must be a JSON object with the fields of the form: this {problem}");
            return;
        }

        using var document = JsonDocument.Parse(json.Length == 0 ? "{}" : json);
        var fields = Read(schema);
        foreach (var wanted in fields)
        {
            var isGiven = document.RootElement.TryGetProperty(wanted.Name, out var value) && value.ValueKind != JsonValueKind.Null;
            if (!isGiven)
            {
                violations.Check(!wanted.IsRequired, $"{field}.{wanted.Name}", "is missing.");
            }
            else if (wanted.ProblemOf(value) is { } wrong)
            {
                violations.Add($"{field}.{wanted.Name}", wrong);
            }
        }

        foreach (var other in document.RootElement.EnumerateObject().Where(o => fields.All(f => f.Name != o.Name)))
        {
            violations.Add($"{field}.{Yaml.Quoted.Cut(other.Name, 80)}", $"is no field of the form; it has {string.Join(", ", fields.Select(f => f.Name))}.");
        }
    }

    private static FormField Field(string name, JsonElement schema, bool required)
    {
        var type = schema.TryGetProperty("type", out var given) ? given.GetString()! : "string";
        if (type is not ("string" or "number" or "integer" or "boolean" or "array"))
        {
            throw new FormatException(type);
        }

        var isList = type == "array";
        return new FormField(name, type, required)
        {
            Choices = Choices(isList ? schema.GetProperty("items") : schema),
            MinLength = Whole(schema, isList ? "minItems" : "minLength"),
            MaxLength = Whole(schema, isList ? "maxItems" : "maxLength"),
            Minimum = Number(schema, "minimum"),
            Maximum = Number(schema, "maximum"),
            Format = schema.TryGetProperty("format", out var format) ? format.GetString() : null,
        };
    }

    private static IReadOnlyList<string>? Choices(JsonElement schema)
    {
        if (schema.TryGetProperty("enum", out var values))
        {
            return [.. values.EnumerateArray().Select(v => v.GetString()!)];
        }

        return schema.TryGetProperty("oneOf", out var options) || schema.TryGetProperty("anyOf", out options)
            ? [.. options.EnumerateArray().Select(o => o.GetProperty("const").GetString()!)]
            : null;
    }

    private static int? Whole(JsonElement schema, string key) => schema.TryGetProperty(key, out var value) ? value.GetInt32() : null;

    private static double? Number(JsonElement schema, string key) => schema.TryGetProperty(key, out var value) ? value.GetDouble() : null;
}
