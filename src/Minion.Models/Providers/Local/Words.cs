using System.Globalization;

namespace Minion.Models.Providers.Local;

/// <summary>
/// The words of a text: runs of letters, digits and marks, in lower case and plain width. Not normalized beyond that: without the
/// Unicode data of a full installation .NET leaves texts as they are, and vectors would differ from machine to machine.
/// </summary>
internal static class Words
{
    private const int Longest = 64;

    public static IEnumerable<string> Of(string text)
    {
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var inside = i < text.Length && IsPart(text[i]);
            if (start >= 0 && (!inside || i - start == Longest))
            {
                yield return Plain(text.AsSpan(start, i - start));
                start = -1;
            }

            if (inside && start < 0)
            {
                start = i;
            }
        }
    }

    private static bool IsPart(char c) => char.IsLetterOrDigit(c) || char.IsSurrogate(c)
        || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static string Plain(ReadOnlySpan<char> word)
    {
        Span<char> plain = stackalloc char[Longest];
        for (var i = 0; i < word.Length; i++)
        {
            // U+FF01 to U+FF5E are the wide forms of ASCII's signs.
            plain[i] = char.ToLowerInvariant(word[i] is >= '\uFF01' and <= '\uFF5E' ? (char)(word[i] - 0xFEE0) : word[i]);
        }

        return new string(plain[..word.Length]);
    }
}
