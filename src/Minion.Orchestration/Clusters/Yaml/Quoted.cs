using System.Text;

namespace Minion.Orchestration.Clusters.Yaml;

/// <summary>Shows a piece of a file in a message: on one line, and never long.</summary>
internal static class Quoted
{
    private const int Longest = 40;

    public static string Of(string text) => $"'{Cut(text, Longest)}'";

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
