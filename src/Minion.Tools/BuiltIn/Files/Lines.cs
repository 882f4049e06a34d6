namespace Minion.Tools.BuiltIn.Files;

/// <summary>Texts as lines.</summary>
internal static class Lines
{
    /// <summary>The lines without their ends; a text that ends with a line end has no empty line after it.</summary>
    public static List<string> Of(string text)
    {
        var lines = text.Split('\n').Select(line => line.EndsWith('\r') ? line[..^1] : line).ToList();
        if (lines[^1].Length == 0 && !text.EndsWith('\r'))
        {
            lines.RemoveAt(lines.Count - 1);
        }

        return lines;
    }

    /// <summary>What most lines of the text end with.</summary>
    public static string EndOf(string text)
    {
        var all = text.AsSpan().Count('\n');
        return text.AsSpan().Count("\r\n") * 2 > all ? "\r\n" : "\n";
    }

    /// <summary>The text cut to so many characters, never inside one.</summary>
    public static string Cut(string text, int most) =>
        text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
}
