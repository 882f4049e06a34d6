using System.Security.Cryptography;
using System.Text;

namespace Minion.Tools.Sources;

/// <summary>Names of a source's tools: <c>source_tool</c>, made to fit what the registry takes.</summary>
internal static class ToolNames
{
    private const int Longest = 64;
    private const int SuffixLength = 6;

    /// <summary>
    /// The names in the order of <paramref name="tools"/>. Where two would be the same, or one was cut, it ends in letters that only
    /// depend on what the tool is called at its source, so that the same tool keeps its name whatever else comes or goes.
    /// </summary>
    public static IReadOnlyList<string> Of(string source, IReadOnlyList<string> tools)
    {
        var plain = tools.Select(tool => Plain(source, tool)).ToList();
        var clashing = plain.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Skip(1).Any()).Select(group => group.Key).ToHashSet(StringComparer.Ordinal);
        return [.. plain.Select((name, index) => name.Length > Longest || clashing.Contains(name) ? WithSuffix(name, tools[index]) : name)];
    }

    private static string Plain(string source, string tool)
    {
        var text = new StringBuilder(source.Length + tool.Length + 8).Append(source).Append('_');
        for (var i = 0; i < tool.Length; i++)
        {
            var letter = tool[i];
            if (char.IsAsciiLetterUpper(letter) && i > 0 && StartsWord(tool, i))
            {
                Separate(text);
            }

            if (char.IsAsciiLetterOrDigit(letter))
            {
                text.Append(char.ToLowerInvariant(letter));
            }
            else
            {
                Separate(text);
            }
        }

        return text.ToString().TrimEnd('_');
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

    private static string WithSuffix(string name, string tool)
    {
        var suffix = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tool)))[..SuffixLength];
        var kept = name[..Math.Min(name.Length, Longest - SuffixLength - 1)].TrimEnd('_');
        return $"{kept}_{suffix}";
    }
}
