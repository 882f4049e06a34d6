using System.Text;

namespace Minion.Tools.BuiltIn.Texts;

/// <summary>The difference of two texts, line by line: lines that stay start with a space, removed ones with -, added ones with +.</summary>
internal static class LineDiff
{
    private const int Context = 3;
    private const long MostCells = 4_000_000;

    /// <exception cref="TextRefusal">They differ in too many lines.</exception>
    public static string Of(List<string> before, List<string> after)
    {
        var start = 0;
        while (start < before.Count && start < after.Count && before[start] == after[start])
        {
            start++;
        }

        var end = 0;
        while (end < before.Count - start && end < after.Count - start && before[^(end + 1)] == after[^(end + 1)])
        {
            end++;
        }

        var (old, @new) = (before[start..^end], after[start..^end]);
        if ((long)(old.Count + 1) * (@new.Count + 1) > MostCells)
        {
            throw new TextRefusal("The texts differ in too many lines to be compared.", "Compare parts of them.");
        }

        if (old.Count + @new.Count == 0)
        {
            return "";
        }

        var text = new StringBuilder();
        Append(text, ' ', before[Math.Max(0, start - Context)..start]);
        Between(text, old, @new, Common(old, @new));
        Append(text, ' ', before.GetRange(before.Count - end, Math.Min(Context, end)));
        return text.ToString();
    }

    /// <summary>The length of the longest common subsequence of the rests from each pair of places.</summary>
    private static int[,] Common(List<string> old, List<string> @new)
    {
        var common = new int[old.Count + 1, @new.Count + 1];
        for (var i = old.Count - 1; i >= 0; i--)
        {
            for (var j = @new.Count - 1; j >= 0; j--)
            {
                common[i, j] = old[i] == @new[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        return common;
    }

    private static void Between(StringBuilder text, List<string> old, List<string> @new, int[,] common)
    {
        var (i, j) = (0, 0);
        while (i < old.Count || j < @new.Count)
        {
            if (i < old.Count && j < @new.Count && old[i] == @new[j])
            {
                text.Append(' ').Append(old[i]).Append('\n');
                i++;
                j++;
            }
            else if (j >= @new.Count || (i < old.Count && common[i + 1, j] >= common[i, j + 1]))
            {
                text.Append('-').Append(old[i++]).Append('\n');
            }
            else
            {
                text.Append('+').Append(@new[j++]).Append('\n');
            }
        }
    }

    private static void Append(StringBuilder text, char mark, List<string> lines)
    {
        foreach (var line in lines)
        {
            text.Append(mark).Append(line).Append('\n');
        }
    }
}
