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
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsAsciiLetterUpper(name[i]) && i > 0 && StartsWord(name, i))
            {
                Separate(text);
            }

            if (char.IsAsciiLetterOrDigit(name[i]))
            {
                text.Append(char.ToLowerInvariant(name[i]));
            }
            else
            {
                Separate(text);
            }
        }

        var whole = text.ToString().TrimEnd('_');
        return whole.Length <= Longest ? whole : WithSuffix(whole, name);
    }

    // getUserByID becomes get_user_by_id, HTMLPage becomes html_page.
    private static bool StartsWord(string text, int i) =>
        char.IsAsciiLetterLower(text[i - 1]) || char.IsAsciiDigit(text[i - 1])
        || (char.IsAsciiLetterUpper(text[i - 1]) && i + 1 < text.Length && char.IsAsciiLetterLower(text[i + 1]));

    private static void Separate(StringBuilder text)
    {
        if (text[^1] != '_')
        {
            text.Append('_');
        }
    }

    private static string WithSuffix(string fitted, string name)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..SuffixLength];
        return $"{fitted[..Math.Min(fitted.Length, Longest - SuffixLength - 1)].TrimEnd('_')}_{hash}";
    }
}
