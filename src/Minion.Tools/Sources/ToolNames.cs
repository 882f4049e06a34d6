using System.Security.Cryptography;
using System.Text;

namespace Minion.Tools.Sources;

/// <summary>Makes the names that a source's peer uses fit: <c>&lt;source&gt;_&lt;tool&gt;</c>, 1 to 64 lower-case letters, digits and underscores.</summary>
internal static class ToolNames
{
    private const int Longest = 64;
    private const int SuffixLength = 6;

    /// <summary>
    /// The name of each tool. The same name there has the same name here, whatever stands beside it, unless two would be alike: those get a
    /// suffix made of their own name.
    /// </summary>
    /// <param name="source">The source's name.</param>
    /// <param name="names">The names there; each once.</param>
    public static IReadOnlyDictionary<string, string> Of(string source, IEnumerable<string> names) =>
        names.GroupBy(name => Fit(source, name), StringComparer.Ordinal)
            .SelectMany(group => group.Skip(1).Any()
                ? group.Select(name => KeyValuePair.Create(name, WithSuffix(group.Key, name)))
                : group.Select(name => KeyValuePair.Create(name, group.Key)))
            .ToDictionary(StringComparer.Ordinal);

    private static string Fit(string source, string name)
    {
        var text = new StringBuilder(source).Append('_');
        var previous = '_';
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c) && (char.IsAsciiLetterLower(previous) || char.IsAsciiDigit(previous)))
            {
                text.Append('_');
            }

            text.Append(char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '_');
            previous = c;
        }

        var whole = text.ToString();
        return whole.Length <= Longest ? whole : WithSuffix(whole, name);
    }

    private static string WithSuffix(string fitted, string name)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..SuffixLength];
        return $"{fitted[..Math.Min(fitted.Length, Longest - SuffixLength - 1)]}_{hash}";
    }
}
