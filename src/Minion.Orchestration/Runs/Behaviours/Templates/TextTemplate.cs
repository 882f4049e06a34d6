using System.Text;
using System.Text.Json.Nodes;

namespace Minion.Orchestration.Runs.Behaviours.Templates;

/// <summary>What stands behind the names of a template, while a run goes on.</summary>
internal interface ITemplateValues
{
    /// <summary>The text behind <paramref name="root"/>, and the JSON behind it where it is known already; null when there is none.</summary>
    (string Text, JsonNode? Json)? Find(string root, string? name);
}

/// <summary>
/// Text with references such as <c>{{input}}</c> or <c>{{stages.research.output.title}}</c>. Only names: nothing is computed, what is put in is
/// not looked at again, and what comes out is bounded.
/// </summary>
internal sealed class TextTemplate
{
    /// <summary>What comes out, in characters, at most; the rest is cut off, and that is said.</summary>
    public const int LongestResult = 400_000;

    private const int MostReferences = 100;
    private readonly List<object> _parts = []; // string or Reference

    private TextTemplate()
    {
    }

    public IEnumerable<Reference> References => _parts.OfType<Reference>();

    /// <summary>Reads a template; what is wrong goes to <paramref name="error"/>.</summary>
    /// <param name="text">The template.</param>
    /// <param name="roots">The names that may stand here; those with <c>true</c> take a second name, then <c>output</c> or <c>failure</c>.</param>
    /// <param name="error">Takes what is wrong.</param>
    /// <param name="keepOthers">Whether braces with anything else in them are just text, as in what a model writes.</param>
    public static TextTemplate Parse(string text, IReadOnlyDictionary<string, bool> roots, Action<string> error, bool keepOthers = false)
    {
        var template = new TextTemplate();
        var at = 0;
        while (text.IndexOf("{{", at, StringComparison.Ordinal) is var open and >= 0)
        {
            var close = text.IndexOf("}}", open, StringComparison.Ordinal);
            if (close < 0)
            {
                if (!keepOthers)
                {
                    error($"has '{{{{' at character {open + 1} without '}}}}'.");
                }

                break;
            }

            var inner = text[(open + 2)..close].Trim();
            if (Read(inner, roots) is { } reference)
            {
                template._parts.Add(text[at..open]);
                template._parts.Add(reference);
            }
            else if (keepOthers)
            {
                template._parts.Add(text[at..(close + 2)]);
            }
            else
            {
                error($"has '{{{{{Yaml.Quoted.Cut(inner, 60)}}}}}', which means nothing here; there is: {string.Join(", ", roots.Select(r => r.Value ? $"{{{{{r.Key}.NAME.output}}}}" : $"{{{{{r.Key}}}}}"))}.");
            }

            at = close + 2;
        }

        template._parts.Add(text[at..]);
        if (template.References.Skip(MostReferences).Any())
        {
            error($"has more than {MostReferences} references.");
        }

        return template;
    }

    /// <summary>The text with its values.</summary>
    /// <param name="values">The values.</param>
    /// <param name="missing">The first reference that has none, which is then left empty.</param>
    public string Fill(ITemplateValues values, out string? missing)
    {
        missing = null;
        var text = new StringBuilder();
        foreach (var part in _parts)
        {
            if (part is string literal)
            {
                text.Append(literal);
            }
            else if (Value((Reference)part, values) is { } value)
            {
                text.Append(value);
            }
            else
            {
                missing ??= part.ToString();
            }

            if (text.Length > LongestResult)
            {
                return Clip(text.ToString(), LongestResult);
            }
        }

        return text.ToString();
    }

    /// <summary>A text of at most so many characters, which says so when something is missing.</summary>
    public static string Clip(string text, int longest)
    {
        const string note = "\n[… cut here]";
        if (text.Length <= longest)
        {
            return text;
        }

        var end = longest - note.Length;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[end - 1]) ? end - 1 : end), note);
    }

    private static string? Value(Reference reference, ITemplateValues values)
    {
        if (values.Find(reference.Root, reference.Name) is not var (text, json))
        {
            return null;
        }

        if (reference.Failure)
        {
            return values.Find("failures", reference.Name)?.Text ?? "";
        }

        return reference.Path.Count == 0 ? text : JsonText.At(json ?? JsonText.Find(text), reference.Path) is { } member ? JsonText.Show(member) : null;
    }

    private static Reference? Read(string inner, IReadOnlyDictionary<string, bool> roots)
    {
        var parts = inner.Split('.');
        if (!roots.TryGetValue(parts[0], out var named) || parts.Any(p => p.Length == 0))
        {
            return null;
        }

        return !named ? new Reference(inner, parts[0], null, false, parts[1..])
            : parts is [_, var name, "output", ..] ? new Reference(inner, parts[0], name, false, parts[3..])
            : parts is [_, var failed, "failure"] ? new Reference(inner, parts[0], failed, true, [])
            : null;
    }

    /// <summary>One reference.</summary>
    /// <param name="Text">As it is written.</param>
    /// <param name="Root">Its first name.</param>
    /// <param name="Name">Whose output; null where the first name says all.</param>
    /// <param name="Failure">Why it failed, instead of the output.</param>
    /// <param name="Path">The member of the JSON in it; empty for all of it.</param>
    internal sealed record Reference(string Text, string Root, string? Name, bool Failure, IReadOnlyList<string> Path)
    {
        public override string ToString() => $"{{{{{Text}}}}}";
    }
}
