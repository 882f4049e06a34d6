using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Minion.Cli.Output;

namespace Minion.Cli.Inbox;

/// <summary>A form that a tool wants filled in: shown, and asked for field by field. What a field may have, the server says in the end.</summary>
internal static class FormPrompt
{
    /// <summary>The fields as a JSON object with what each may be, to be copied and filled in.</summary>
    public static string Template(string form) => "{" + string.Join(", ", Fields(form).Select(f => $"\"{f.Key}\": {Hint(f.Value)}")) + "}";

    /// <summary>Asks for each field; null when the input ended.</summary>
    public static async Task<string?> AskAsync(Terminal terminal, string form, CancellationToken cancellation)
    {
        var filled = new JsonObject();
        var required = Required(form);
        foreach (var (name, schema) in Fields(form))
        {
            var optional = required.Contains(name) ? "" : ", may be left empty";
            if (Text(schema, "description") is { Length: > 0 } description)
            {
                terminal.Dim($"  {Phrases.Printable(description)}");
                terminal.Out.WriteLine();
            }

            if (await terminal.ReadLineAsync($"  {Phrases.Printable(name)} ({Hint(schema)}{optional}): ", cancellation) is not { } line)
            {
                return null;
            }

            if (line.Trim().Length > 0)
            {
                filled[name] = Value(line.Trim(), Text(schema, "type"));
            }
        }

        return filled.ToJsonString();
    }

    /// <summary>
    /// The fields as they were given, <c>name=value</c>, as a JSON object: each in the form's type where it can be read so, and otherwise as it was typed, so that
    /// the server names all that does not fit at once. A list's entries are separated by commas, or given one by one.
    /// </summary>
    /// <exception cref="CliFailure">There is no form, or a field has no name or is given twice.</exception>
    public static string Fill(string form, IEnumerable<string> given)
    {
        if (form.Length == 0)
        {
            throw new CliFailure(ExitCodes.Usage, "no_form", "It asks for no form.", "Leave out --field; --text is what the agent reads.");
        }

        var types = Fields(form).ToDictionary(f => f.Key, f => Text(f.Value, "type"), StringComparer.Ordinal);
        var (filled, wrong) = (new JsonObject(), new List<string>());
        foreach (var field in given)
        {
            var at = field.IndexOf('=', StringComparison.Ordinal);
            var name = at > 0 ? field[..at] : "";
            var value = Value(field[(at + 1)..], types.GetValueOrDefault(name, ""));
            if (name.Length == 0)
            {
                wrong.Add($"'{field}' is not of the form name=value.");
            }
            else if (filled[name] is JsonArray list && value is JsonArray more)
            {
                foreach (var entry in more)
                {
                    list.Add(entry!.DeepClone());
                }
            }
            else if (!filled.TryAdd(name, value))
            {
                wrong.Add($"The field '{name}' is given twice.");
            }
        }

        return wrong.Count == 0
            ? filled.ToJsonString()
            : throw new CliFailure(ExitCodes.Usage, "usage", string.Join(' ', wrong), $"The form: {Template(form)}");
    }

    private static JsonNode Value(string line, string type) => type switch
    {
        "boolean" => line.ToLowerInvariant() switch { "yes" or "y" or "true" => true, "no" or "n" or "false" => false, _ => line },
        "integer" when long.TryParse(line, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
        "number" or "integer" when double.TryParse(line, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => number,
        "array" => new JsonArray([.. line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(t => (JsonNode)t)]),
        _ => line,
    };

    private static string Hint(JsonElement schema)
    {
        var from = Text(schema, "type") == "array" && schema.TryGetProperty("items", out var items) ? items : schema;
        var values = from.TryGetProperty("enum", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(v => v.ToString())
            : from.TryGetProperty("oneOf", out var options) && options.ValueKind == JsonValueKind.Array
            ? options.EnumerateArray().Select(o => Text(o, "const"))
            : [];
        var choice = Phrases.Printable(string.Join('|', values));
        return choice.Length > 0 ? choice : Text(schema, "format") is { Length: > 0 } format ? Phrases.Printable(format) : Text(schema, "type") is { Length: > 0 } type ? type : "text";
    }

    private static IReadOnlyList<KeyValuePair<string, JsonElement>> Fields(string form)
    {
        using var document = JsonDocument.Parse(form);
        return document.RootElement.TryGetProperty("properties", out var properties)
            ? [.. properties.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, p.Value.Clone()))]
            : [];
    }

    private static HashSet<string> Required(string form)
    {
        using var document = JsonDocument.Parse(form);
        return document.RootElement.TryGetProperty("required", out var names) ? [.. names.EnumerateArray().Select(n => n.ToString())] : [];
    }

    private static string Text(JsonElement schema, string key) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
