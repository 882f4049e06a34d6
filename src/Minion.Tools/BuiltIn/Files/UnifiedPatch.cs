using System.Globalization;
using System.Text.RegularExpressions;

namespace Minion.Tools.BuiltIn.Files;

/// <summary>
/// Applies a unified diff to one text. The line numbers of a hunk are taken as a hint, because models count badly: the hunk goes where its
/// lines are found, the place nearest to the hint first, and nowhere when they are not found.
/// </summary>
internal static partial class UnifiedPatch
{
    private const string Form = "A patch has hunks: a line @@ -12,3 +12,4 @@, then lines that start with a space (kept), - (removed) or + (added).";
    private const int MostHunks = 1000;

    /// <exception cref="FileRefusal">It is no patch, or does not fit; says which hunk.</exception>
    public static (string Text, int Changes) Apply(string text, string patch)
    {
        var hunks = Read(patch);
        var lines = Lines.Of(text);
        var shift = 0;
        var from = 0;
        for (var i = 0; i < hunks.Count; i++)
        {
            var hunk = hunks[i];
            var at = Find(lines, hunk, from, shift) ?? throw NotFound(i + 1, hunk);
            shift += hunk.New.Count - hunk.Old.Count;
            lines.RemoveRange(at, hunk.Old.Count);
            lines.InsertRange(at, hunk.New);
            from = at + hunk.New.Count;
        }

        var end = Lines.EndOf(text);
        var endsWithLine = hunks[^1].EndsWithoutLine is { } without ? !without : text.Length == 0 || text.EndsWith('\n');
        return (lines.Count == 0 ? "" : string.Join(end, lines) + (endsWithLine ? end : ""), hunks.Count);
    }

    private static List<Hunk> Read(string patch)
    {
        var hunks = new List<Hunk>();
        var files = 0;
        foreach (var line in Lines.Of(patch.TrimEnd('\r', '\n')))
        {
            if (HunkStart().Match(line) is { Success: true } start)
            {
                hunks.Add(new Hunk(start.Groups["line"] is { Success: true } number
                    && int.TryParse(number.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var hint) ? hint : null));
            }
            else if (hunks.Count == 0 || (line.StartsWith("--- ", StringComparison.Ordinal) && hunks[^1].Count > 0 && IsFileHeader(patch, line)))
            {
                files += line.StartsWith("--- ", StringComparison.Ordinal) ? 1 : 0;
                if (files > 1)
                {
                    throw new FileRefusal("The patch changes several files.", "Give a patch of one file for each call.");
                }
            }
            else
            {
                hunks[^1].Add(line);
            }
        }

        return hunks.Count is > 0 and <= MostHunks && hunks.TrueForAll(hunk => hunk.Count > 0)
            ? hunks
            : throw new FileRefusal(hunks.Count > MostHunks ? $"The patch has more than {MostHunks} hunks." : "That is no patch, or it has an empty hunk.", Form);
    }

    private static bool IsFileHeader(string patch, string line) => patch.Contains(line + "\n+++ ", StringComparison.Ordinal);

    private static int? Find(List<string> lines, Hunk hunk, int from, int shift)
    {
        var hint = hunk.Line is { } line ? Math.Clamp(line - (hunk.Old.Count == 0 ? 0 : 1) + shift, from, lines.Count) : from;
        if (hunk.Old.Count == 0)
        {
            return hunk.Line is null && lines.Count > 0 ? null : hint;
        }

        var places = Enumerable.Range(from, Math.Max(0, lines.Count - hunk.Old.Count - from + 1)).Where(at => Fits(lines, hunk.Old, at)).ToList();
        return places.Count == 0 || (places.Count > 1 && hunk.Line is null) ? null : places.MinBy(at => Math.Abs(at - hint));
    }

    private static bool Fits(List<string> lines, List<string> old, int at)
    {
        for (var i = 0; i < old.Count; i++)
        {
            if (lines[at + i] != old[i])
            {
                return false;
            }
        }

        return true;
    }

    private static FileRefusal NotFound(int number, Hunk hunk) => new(
        hunk.Line is null && hunk.Old.Count == 0
            ? $"Hunk {number} cannot be applied: it only adds lines and does not say where."
            : $"Hunk {number} cannot be applied: its lines do not occur in the file (after the hunk before), or occur several times and it has no line number. It starts with '{Lines.Cut(hunk.Old.FirstOrDefault(""), 100)}'.",
        "Read the file again and make the patch from what is there, or use edits.");

    [GeneratedRegex(@"^@@(?: -(?<line>[0-9]{1,9})(?:,[0-9]+)? \+[0-9]+(?:,[0-9]+)? @@.*)?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HunkStart();

    private sealed class Hunk(int? line)
    {
        public int? Line { get; } = line;

        public List<string> Old { get; } = [];

        public List<string> New { get; } = [];

        public int Count { get; private set; }

        /// <summary>What it says of the end of the new text; null when it says nothing.</summary>
        public bool? EndsWithoutLine { get; private set; }

        private bool LastWasNew { get; set; }

        private bool OldEndsWithoutLine { get; set; }

        public void Add(string line)
        {
            switch (line.FirstOrDefault(' '))
            {
                case ' ':
                    Old.Add(line.Length == 0 ? "" : line[1..]);
                    New.Add(line.Length == 0 ? "" : line[1..]);
                    LastWasNew = true;
                    break;
                case '-':
                    Old.Add(line[1..]);
                    LastWasNew = false;
                    break;
                case '+':
                    New.Add(line[1..]);
                    LastWasNew = true;
                    EndsWithoutLine = OldEndsWithoutLine ? false : EndsWithoutLine;
                    break;
                case '\\':
                    OldEndsWithoutLine |= !LastWasNew;
                    EndsWithoutLine = LastWasNew ? true : EndsWithoutLine;
                    break;
                default:
                    throw new FileRefusal($"The patch has a line that starts with '{line[0]}'.", Form);
            }

            Count++;
        }
    }
}
