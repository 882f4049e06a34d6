using System.Text;
using System.Text.Json.Nodes;

namespace Minion.Models.Providers.Scripted;

/// <summary>Text with expressions: <c>In {{place}} it is {{time.time}}.</c> <c>\{{</c> is the braces themselves.</summary>
internal sealed class Template
{
    private const int LongestText = 8_000;

    private readonly IReadOnlyList<object> _parts; // string or Expression

    private Template(IReadOnlyList<object> parts) => _parts = parts;

    /// <summary>Reads a template; what is wrong with it goes to <paramref name="error"/>.</summary>
    public static Template Parse(string text, TemplateScope scope, Action<string> error)
    {
        if (text.Length > LongestText)
        {
            error($"is {text.Length} characters long; at most {LongestText} are allowed.");
            return new Template([]);
        }

        var parts = new List<object>();
        var position = 0;
        while (text.IndexOf("{{", position, StringComparison.Ordinal) is var open and >= 0)
        {
            if (open > position && text[open - 1] == '\\')
            {
                parts.Add(text[position..(open - 1)] + "{{");
                position = open + 2;
                continue;
            }

            var close = text.IndexOf("}}", open, StringComparison.Ordinal);
            if (close < 0)
            {
                error($"has '{{{{' at character {open + 1} without '}}}}'.");
                return new Template([]);
            }

            if (open > position)
            {
                parts.Add(text[position..open]);
            }

            if (Expression.Parse(text[(open + 2)..close], scope, error) is { } expression)
            {
                parts.Add(expression);
            }

            position = close + 2;
        }

        if (position < text.Length)
        {
            parts.Add(text[position..]);
        }

        return new Template(parts);
    }

    /// <summary>The template as text.</summary>
    /// <exception cref="TemplateException">A value is missing or does not fit its filter.</exception>
    public string ToText(Bindings bindings)
    {
        var text = new StringBuilder();
        foreach (var part in _parts)
        {
            text.Append(part is Expression expression ? Json.ToText(expression.Evaluate(bindings)) : (string)part);
        }

        return text.ToString();
    }

    /// <summary>
    /// The template as JSON: a lone expression over a tool's result keeps its type, and one that ends in <c>number</c> is a number;
    /// everything else is a string, so that captured text can never become JSON of its own making.
    /// </summary>
    /// <exception cref="TemplateException">A value is missing or does not fit its filter.</exception>
    public JsonNode? ToJson(Bindings bindings) =>
        _parts is [Expression { KeepsType: true } expression] ? expression.Evaluate(bindings)?.DeepClone() : JsonValue.Create(ToText(bindings));
}

/// <summary>A template cannot be filled; the message is for the answer.</summary>
internal sealed class TemplateException(string message) : Exception(message);
