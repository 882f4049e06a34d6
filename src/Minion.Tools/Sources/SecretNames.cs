using System.Text.RegularExpressions;

namespace Minion.Tools.Sources;

/// <summary>Which headers and variables hold a secret, by their names.</summary>
internal static partial class SecretNames
{
    /// <summary>Whether what has this name is a secret: <c>Authorization</c>, <c>X-Api-Key</c>, <c>GITHUB_TOKEN</c>; but not where a secret is, or how long one may be.</summary>
    public static bool Is(string name) => Secret().IsMatch(name) && !About().IsMatch(name);

    // 'key' only as a word of its own, so that keyboards and monkeys have none; tokens in the plural are counted.
    [GeneratedRegex(
        @"authori[sz]ation|cookie|secret|pass-?_?(word|wd|phrase|code)|pwd|credential|api-?_?key|token(?!s)|(?<![a-z])key(?![a-z])|(?<![a-z])auth(?![a-z])",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Secret();

    [GeneratedRegex(
        @"[-_](file|path|dir|folder|url|uri|endpoint|issuer|type|name|header|id|limit|count|size|length|ttl|timeout|scheme|method)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex About();
}
