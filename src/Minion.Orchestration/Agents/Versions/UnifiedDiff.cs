using System.Globalization;
using System.Text;

namespace Minion.Orchestration.Agents.Versions;

/// <summary>The lines in which two texts differ, with three lines around them, as <c>diff -u</c> writes them.</summary>
internal static class UnifiedDiff
{
    private const int Context = 3;

    /// <summary>Above this many pairs of lines what differs is shown as replaced as a whole.</summary>
    private const long MostPairs = 4_000_000;

    /// <summary>Empty when the texts are alike.</summary>
    public static string Of(string from, string to, string fromName, string toName)
    {
        if (from == to)
        {
            return "";
        }

        var lines = Compare(Lines(from), Lines(to));
        var text = new StringBuilder().Append("--- ").Append(fromName).Append("\n+++ ").Append(toName).Append('\n');
        for (var i = 0; i < lines.Count;)
        {
            if (lines[i].Mark == ' ')
            {
                i++;
                continue;
            }

            var first = Math.Max(0, i - Context);
            var end = EndOfHunk(lines, i);
            Hunk(text, lines, first, end);
            i = end;
        }

        return text.ToString();
    }

    private static int EndOfHunk(List<(char Mark, string Line, int From, int To)> lines, int i)
    {
        var last = i;
        for (; i < lines.Count && i <= last + (2 * Context) + 1; i++)
        {
            last = lines[i].Mark == ' ' ? last : i;
        }

        return Math.Min(lines.Count, last + Context + 1);
    }

    private static void Hunk(StringBuilder text, List<(char Mark, string Line, int From, int To)> lines, int first, int end)
    {
        var shown = lines[first..end];
        var removed = shown.Count(l => l.Mark != '+');
        var added = shown.Count(l => l.Mark != '-');
        text.Append(CultureInfo.InvariantCulture, $"@@ -{lines[first].From + (removed > 0 ? 1 : 0)},{removed} +{lines[first].To + (added > 0 ? 1 : 0)},{added} @@\n");
        foreach (var (mark, line, _, _) in shown)
        {
            text.Append(mark).Append(line).Append('\n');
        }
    }

    private static string[] Lines(string text) => text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');

    /// <summary>Each line with its mark, and how many lines of both texts stand before it. By the longest common subsequence.</summary>
    private static List<(char Mark, string Line, int From, int To)> Compare(string[] a, string[] b)
    {
        var head = 0;
        while (head < a.Length && head < b.Length && a[head] == b[head])
        {
            head++;
        }

        var tail = 0;
        while (tail < a.Length - head && tail < b.Length - head && a[^(tail + 1)] == b[^(tail + 1)])
        {
            tail++;
        }

        var (fromEnd, toEnd) = (a.Length - tail, b.Length - tail);
        var result = new List<(char, string, int, int)>(a.Length + b.Length);
        for (var same = 0; same < head; same++)
        {
            result.Add((' ', a[same], same, same));
        }

        Middle(a, b, head, fromEnd, toEnd, result);
        for (var same = 0; same < tail; same++)
        {
            result.Add((' ', a[fromEnd + same], fromEnd + same, toEnd + same));
        }

        return result;
    }

    private static void Middle(string[] a, string[] b, int head, int fromEnd, int toEnd, List<(char, string, int, int)> result)
    {
        var common = (long)(fromEnd - head) * (toEnd - head) <= MostPairs ? Table(a.AsSpan(head..fromEnd), b.AsSpan(head..toEnd)) : null;
        var (i, j) = (head, head);
        while (i < fromEnd || j < toEnd)
        {
            if (common is not null && i < fromEnd && j < toEnd && a[i] == b[j])
            {
                result.Add((' ', a[i], i++, j++));
            }
            else if (i < fromEnd && (common is null || j == toEnd || common[i - head + 1, j - head] >= common[i - head, j - head + 1]))
            {
                result.Add(('-', a[i], i++, j));
            }
            else
            {
                result.Add(('+', b[j], i, j++));
            }
        }
    }

    private static int[,] Table(ReadOnlySpan<string> a, ReadOnlySpan<string> b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
        {
            for (var j = b.Length - 1; j >= 0; j--)
            {
                table[i, j] = a[i] == b[j] ? table[i + 1, j + 1] + 1 : Math.Max(table[i + 1, j], table[i, j + 1]);
            }
        }

        return table;
    }
}
