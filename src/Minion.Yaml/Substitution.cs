using System.Text;
using System.Text.RegularExpressions;

namespace Minion.Yaml;

/// <summary>
/// Puts the caller's variables into values: <c>${NAME}</c>, <c>${NAME:-default}</c> (also when the variable is empty, as in a shell); <c>$${</c>
/// writes a literal <c>${</c>. Works on parsed values, never on the text of the file, so that a variable's content cannot become YAML.
/// </summary>
public sealed partial class Substitution(IReadOnlyDictionary<string, string> environment)
{
    /// <summary>All substituted text of a file together, in characters: a short file with a long variable must not become a big one.</summary>
    private const int MostInserted = 1024 * 1024;

    private int _inserted;

    /// <summary>The text with its variables; what is wrong with it is handed to <paramref name="report"/>.</summary>
    public string Apply(string text, Action<string> report)
    {
        if (!text.Contains("${", StringComparison.Ordinal))
        {
            return text;
        }

        var result = new StringBuilder();
        for (var i = 0; i < text.Length;)
        {
            if (text.AsSpan(i).StartsWith("$${", StringComparison.Ordinal))
            {
                result.Append("${");
                i += 3;
            }
            else if (text.AsSpan(i).StartsWith("${", StringComparison.Ordinal))
            {
                var reference = Reference().Match(text, i);
                if (!reference.Success)
                {
                    report("'${' starts a variable: write ${NAME} or ${NAME:-default}, or $${ for the characters themselves");
                    return text;
                }

                result.Append(Value(reference, report));
                i += reference.Length;
            }
            else
            {
                result.Append(text[i++]);
            }
        }

        return result.ToString();
    }

    /// <summary>The variable's name when <paramref name="text"/> is one reference and nothing else.</summary>
    public static string? OnlyReference(string text)
    {
        var match = Reference().Match(text);
        return match.Success && match.Length == text.Length && !match.Groups["default"].Success ? match.Groups["name"].Value : null;
    }

    /// <summary>The names of the variables that <paramref name="content"/>, a whole file, may refer to; without those that look like secrets.</summary>
    public static IReadOnlyList<string> References(string content) =>
        [.. AnyReference().Matches(content).Select(m => m.Groups["name"].Value).Distinct(StringComparer.Ordinal).Where(name => !IsSecret(name))];

    private string Value(Match reference, Action<string> report)
    {
        var name = reference.Groups["name"].Value;
        if (IsSecret(name))
        {
            report($"${{{name}}} looks like a secret, which may stand only in the api_key of a model and in the settings of a source of tools");
            return "";
        }

        var value = environment.GetValueOrDefault(name, "");
        if (value.Length == 0 && reference.Groups["default"].Success)
        {
            value = reference.Groups["default"].Value;
        }
        else if (!environment.ContainsKey(name))
        {
            report($"the environment variable {name} is not set; set it, or give a default: ${{{name}:-value}}");
        }

        _inserted += value.Length;
        if (_inserted <= MostInserted)
        {
            return value;
        }

        report("the variables of this file make more than 1 MiB of text");
        return "";
    }

    private static bool IsSecret(string name) => SecretName().IsMatch(name);

    [GeneratedRegex(@"\G\$\{(?<name>[A-Za-z_][A-Za-z0-9_]{0,127})(?::-(?<default>[^}]*))?\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Reference();

    [GeneratedRegex(@"\$\{(?<name>[A-Za-z_][A-Za-z0-9_]{0,127})[:}]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AnyReference();

    [GeneratedRegex("(^|_)(API_?KEY|ACCESS_KEY|PRIVATE_KEY|SECRET(_KEY)?|SECRETS|TOKEN|PASSWORD|PASSWD|CREDENTIALS?|CONNECTION)(_|$)", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex SecretName();
}
