using System.Text.Json;
using System.Text.RegularExpressions;

namespace Minion.Tools.Sources;

/// <summary>
/// Settings of sources hold secrets as references, <c>${NAME}</c>, to variables of the server's environment. Only variables whose names say that
/// they are meant for this can be referred to, so that who may declare sources cannot read the rest of the environment.
/// </summary>
/// <param name="environment">Reads a variable; null when it is not set.</param>
public sealed partial class SecretReferences(Func<string, string?> environment)
{
    private const string Allowed = "names end in _API_KEY, _TOKEN, _SECRET, _PASSWORD or _CONNECTION and do not start with MINION_";
    private static readonly string[] Endings = ["_API_KEY", "_TOKEN", "_SECRET", "_PASSWORD", "_CONNECTION"];

    /// <summary>The text with the values of what it refers to. Resolve when it is used; never store or log the outcome.</summary>
    /// <param name="text">Any text; one without references is given back as it is.</param>
    /// <exception cref="ToolSourceException">A variable is not set, or must not be referred to; names it.</exception>
    public string Resolve(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Reference().Replace(text, match => Value(match.Groups["name"].Value));
    }

    /// <summary>The values of what the text refers to, without the text around them: what must not be seen in answers.</summary>
    internal IEnumerable<string> ValuesIn(string text) => Reference().Matches(text).Select(match => Value(match.Groups["name"].Value));

    /// <summary>All references in <paramref name="settings"/> that are not allowed.</summary>
    /// <param name="settings">The settings of a source.</param>
    public static IEnumerable<SourceProblem> Check(JsonElement settings) => Check(settings, "");

    /// <summary>Whether a variable of this name can be referred to.</summary>
    /// <param name="name">The name.</param>
    public static bool IsAllowed(string name) =>
        NameFormat().IsMatch(name)
        && !name.StartsWith("MINION_", StringComparison.Ordinal)
        && Array.Exists(Endings, ending => name.EndsWith(ending, StringComparison.Ordinal) && name.Length > ending.Length);

    private static IEnumerable<SourceProblem> Check(JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => Check(member.Value, $"{path}/{Escape(member.Name)}")),
        JsonValueKind.Array => value.EnumerateArray().SelectMany((item, i) => Check(item, $"{path}/{i}")),
        JsonValueKind.String => Reference().Matches(value.GetString()!)
            .Select(match => match.Groups["name"].Value)
            .Where(name => !IsAllowed(name))
            .Select(name => new SourceProblem(path, $"refers to the variable '{name}', which it must not: {Allowed}")),
        _ => [],
    };

    private string Value(string name)
    {
        if (!IsAllowed(name))
        {
            throw new ToolSourceException($"The variable '{name}' cannot be referred to: {Allowed}.");
        }

        return environment(name) is { Length: > 0 } value
            ? value
            : throw new ToolSourceException($"The variable '{name}' is not set where the server runs.");
    }

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    [GeneratedRegex(@"\$\{(?<name>[^{}]*)\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reference();

    [GeneratedRegex(@"^[A-Z][A-Z0-9_]{0,99}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NameFormat();
}
