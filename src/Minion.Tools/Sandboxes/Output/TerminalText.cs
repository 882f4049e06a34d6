using System.Globalization;
using System.Text;

namespace Minion.Tools.Sandboxes.Output;

/// <summary>Makes output safe to show: what a terminal would obey becomes visible instead.</summary>
internal static class TerminalText
{
    /// <summary>The text with control characters written out (<c>\x1b</c>), but for tabs and ends of lines.</summary>
    public static string Safe(string text)
    {
        var first = text.AsSpan().IndexOfAnyExcept(Harmless);
        if (first < 0)
        {
            return text;
        }

        var safe = new StringBuilder(text.Length + 64).Append(text, 0, first);
        for (var i = first; i < text.Length; i++)
        {
            var letter = text[i];
            if (letter == '\r' && i + 1 < text.Length && text[i + 1] == '\n')
            {
                continue;
            }

            if (IsHarmful(letter))
            {
                safe.Append(letter < 256 ? "\\x" : "\\u").Append(((int)letter).ToString(letter < 256 ? "x2" : "x4", CultureInfo.InvariantCulture));
            }
            else
            {
                safe.Append(letter);
            }
        }

        return safe.ToString();
    }

    private static readonly System.Buffers.SearchValues<char> Harmless = System.Buffers.SearchValues.Create(
        [.. Enumerable.Range(0, 0xD800).Select(code => (char)code).Where(letter => !IsHarmful(letter))]);

    // C0 and C1 controls, and what turns the direction of text (Unicode bidirectional controls), which makes text read otherwise than it is.
    private static bool IsHarmful(char letter) =>
        (char.IsControl(letter) && letter is not ('\n' or '\t')) || letter is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
