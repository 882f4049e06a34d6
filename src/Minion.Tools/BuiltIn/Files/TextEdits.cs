namespace Minion.Tools.BuiltIn.Files;

/// <summary>A text to be replaced.</summary>
/// <param name="Old">What is there.</param>
/// <param name="New">What comes in its place.</param>
/// <param name="All">Each time that it occurs; else it must occur once.</param>
internal sealed record TextEdit(string Old, string New, bool All);

/// <summary>Replaces parts of a text, one after the other.</summary>
internal static class TextEdits
{
    /// <exception cref="FileRefusal">One cannot be made; says which and why.</exception>
    public static (string Text, int Changes) Apply(string text, IReadOnlyList<TextEdit> edits)
    {
        var changes = 0;
        for (var i = 0; i < edits.Count; i++)
        {
            var edit = WithEndsOf(text, edits[i]);
            var count = Count(text, edit.Old);
            if (count == 0)
            {
                throw new FileRefusal($"Edit {i + 1} cannot be made: its old text does not occur in the file.", "Read the file again and copy the text exactly, with its spaces.");
            }

            if (count > 1 && !edit.All)
            {
                throw new FileRefusal(
                    $"Edit {i + 1} cannot be made: its old text occurs {count} times.", "Give more of the text around it, or set all to true.");
            }

            if (text.Length + ((long)count * (edit.New.Length - edit.Old.Length)) > TextFile.Largest)
            {
                throw new FileRefusal($"With edit {i + 1} the file would be longer than {TextFile.Largest} bytes.", "Divide it into several files.");
            }

            text = text.Replace(edit.Old, edit.New, StringComparison.Ordinal);
            changes += count;
        }

        return (text, changes);
    }

    /// <summary>Models see and write lines that end with a line feed alone.</summary>
    private static TextEdit WithEndsOf(string text, TextEdit edit) =>
        Lines.EndOf(text) == "\r\n" && edit.Old.Contains('\n', StringComparison.Ordinal) && !text.Contains(edit.Old, StringComparison.Ordinal)
            ? edit with { Old = ToLong(edit.Old), New = ToLong(edit.New) }
            : edit;

    private static string ToLong(string text) =>
        text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal);

    private static int Count(string text, string part)
    {
        var count = 0;
        for (var at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + part.Length, StringComparison.Ordinal))
        {
            count++;
        }

        return count;
    }
}
