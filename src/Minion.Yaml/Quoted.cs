using System.Text;

namespace Minion.Yaml;

/// <summary>Shows a piece of a file in a message: on one line, and never long.</summary>
public static class Quoted
{
    private const int Longest = 40;

    /// <summary>In single quotes, at most 40 characters.</summary>
    public static string Of(string text) => $"'{Cut(text, Longest)}'";

    /// <summary>Without quotes, at most <paramref name="longest"/> characters.</summary>
    public static string Cut(string text, int longest)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length >= longest)
            {
                return shown.Append('…').ToString();
            }

            shown.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return shown.ToString();
    }
}
