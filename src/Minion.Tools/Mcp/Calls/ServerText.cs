using System.Text;

namespace Minion.Tools.Mcp.Calls;

/// <summary>Text that a server wrote, made fit to stand in a message: bounded, without control characters.</summary>
internal static class ServerText
{
    /// <summary>At most so many characters, as they are.</summary>
    public static string Bounded(string text, int longest) =>
        text.Length <= longest ? text : text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)] + "…";

    /// <summary>At most so many characters, without control characters and halves of surrogate pairs.</summary>
    public static string Clean(string? text, int longest)
    {
        var clean = new StringBuilder(Math.Min(text?.Length ?? 0, longest) + 1);
        foreach (var c in (text ?? "").Trim())
        {
            if (clean.Length >= longest)
            {
                clean.Append('…');
                break;
            }

            clean.Append(char.IsControl(c) ? ' ' : c);
        }

        // Half of a surrogate pair at the end would be no text.
        return clean.ToString().EnumerateRunes().Aggregate(new StringBuilder(), (all, rune) => all.Append(rune.ToString())).ToString();
    }
}
