using System.Text.RegularExpressions;
using Minion.Contracts.Faults;

namespace Minion.Models.Providers.Ollama;

/// <summary>A model's name at Ollama: <c>name</c>, <c>name:tag</c>, <c>namespace/name:tag</c> or <c>host/namespace/name:tag</c>.</summary>
internal static partial class OllamaName
{
    private const int Longest = 256;
    private const string Provider = $"{ModelProviders.Ollama}/";

    /// <summary>The name without the provider that the catalog puts before it.</summary>
    /// <exception cref="Fault">INVALID_ARGUMENT: it is none.</exception>
    public static string Read(string text, string field)
    {
        var name = text.StartsWith(Provider, StringComparison.Ordinal) ? text[Provider.Length..] : text;
        var violations = new Violations();
        if (violations.Check(text.Length > 0, field, "is missing: a model's name at Ollama, for example qwen3:8b."))
        {
            violations.Check(
                name.Length <= Longest && Form().IsMatch(name), field,
                $"'{Texts.Shorten(text)}' is no model's name at Ollama: up to {Longest} letters, digits and ._- in parts, for example qwen3:8b or library/qwen3:8b.");
        }

        violations.ThrowIfAny();
        return name;
    }

    [GeneratedRegex(@"\A([A-Za-z0-9_][A-Za-z0-9_.-]*(:[0-9]+)?/)?([A-Za-z0-9_][A-Za-z0-9_.-]*/){0,2}[A-Za-z0-9_][A-Za-z0-9_.-]*(:[A-Za-z0-9_][A-Za-z0-9_.-]*)?\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
