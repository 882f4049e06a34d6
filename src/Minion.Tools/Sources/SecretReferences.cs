using System.Text.RegularExpressions;

namespace Minion.Tools.Sources;

/// <summary>
/// Settings of sources hold secrets as references, <c>${NAME}</c>, to variables of the server's environment. Only variables whose names say that
/// they are meant for this can be referred to, and only by the tenants that the server's settings give them to, so that who may declare sources reads
/// neither the rest of the environment nor what belongs to others.
/// </summary>
/// <param name="environment">Reads a variable; null when it is not set.</param>
/// <param name="options">Which tenant may use which; null for none but the default tenant.</param>
public sealed partial class SecretReferences(Func<string, string?> environment, SecretOptions? options = null)
{
    internal const string Allowed = "names end in _API_KEY, _TOKEN, _SECRET, _PASSWORD or _CONNECTION and do not start with MINION_";
    private static readonly string[] Endings = ["_API_KEY", "_TOKEN", "_SECRET", "_PASSWORD", "_CONNECTION"];
    private readonly SecretOptions _options = options ?? new SecretOptions();

    /// <summary>The secrets that a tenant's sources may refer to.</summary>
    /// <param name="tenant">The tenant.</param>
    public TenantSecrets For(string tenant) => new(tenant, environment, _options);

    /// <summary>Whether a variable of this name can be referred to at all.</summary>
    /// <param name="name">The name.</param>
    public static bool IsAllowed(string name) =>
        NameFormat().IsMatch(name)
        && !name.StartsWith("MINION_", StringComparison.Ordinal)
        && Array.Exists(Endings, ending => name.EndsWith(ending, StringComparison.Ordinal) && name.Length > ending.Length);

    /// <summary>The names that a text refers to.</summary>
    internal static IEnumerable<string> In(string text) => Reference().Matches(text).Select(match => match.Groups["name"].Value);

    internal static string Replace(string text, Func<string, string> value) => Reference().Replace(text, match => value(match.Groups["name"].Value));

    [GeneratedRegex(@"\$\{(?<name>[^{}]*)\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reference();

    [GeneratedRegex(@"^[A-Z][A-Z0-9_]{0,99}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NameFormat();
}
