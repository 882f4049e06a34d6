using System.Text;

namespace Minion.Bench.Reporting;

/// <summary>The table that people read; Markdown, so that it can be kept.</summary>
internal static class Table
{
    private static readonly string[] Header = ["figure", "case", "measured", "reference", "ratio", "aim", ""];

    public static string Of(IReadOnlyList<Measurement> measurements)
    {
        string[][] rows = [Header, .. measurements.Select(Row)];
        var widths = Enumerable.Range(0, Header.Length).Select(i => rows.Max(r => r[i].Length)).ToArray();
        var text = new StringBuilder();
        for (var i = 0; i < rows.Length; i++)
        {
            text.AppendLine($"| {string.Join(" | ", rows[i].Select((cell, column) => cell.PadRight(widths[column])))} |");
            if (i == 0)
            {
                text.AppendLine($"|{string.Join("|", widths.Select(w => new string('-', w + 2)))}|");
            }
        }

        return text.ToString();
    }

    private static string[] Row(Measurement m) =>
    [
        m.Figure,
        m.Case,
        $"{Number(m.Value)} {m.Unit}",
        m.Reference is { } reference ? $"{Number(reference)} ({m.ReferenceIs})" : m.ReferenceIs ?? "",
        m.Ratio is { } ratio ? ratio.ToString("0.00") : "",
        m.Aim?.ToString() ?? "",
        m.IsMet switch { true => "met", false => "not met", null => "" },
    ];

    private static string Number(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("#,0"),
        >= 10 => value.ToString("0.0"),
        _ => value.ToString("0.00"),
    };
}
