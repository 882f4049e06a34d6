using Spectre.Console;

namespace Minion.Cli.Output;

internal static class Tables
{
    /// <summary>Writes rows below headings; <paramref name="empty"/> when there are none. Of a drawing only the last column gives way.</summary>
    public static void Table(this Terminal terminal, string[] headings, IEnumerable<string[]> rows, string empty, bool drawing = false)
    {
        var table = new Table().NoBorder();
        foreach (var heading in headings)
        {
            table.AddColumn(new TableColumn(new Text(heading.ToUpperInvariant(), new Style(decoration: Decoration.Dim))).PadRight(2));
        }

        foreach (var column in table.Columns.SkipLast(1))
        {
            column.NoWrap = drawing;
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(Phrases.Printable(cell)) { Overflow = Overflow.Ellipsis }));
        }

        if (table.Rows.Count == 0)
        {
            terminal.Out.WriteLine(empty);
            return;
        }

        terminal.Console.Write(table);
    }

    /// <summary>Writes names and values; empty values are left out.</summary>
    public static void Properties(this Terminal terminal, params (string Name, string Value)[] properties)
    {
        var shown = properties.Where(p => p.Value.Length > 0).ToList();
        var width = shown.Select(p => p.Name.Length).DefaultIfEmpty().Max() + 2;
        foreach (var (name, value) in shown)
        {
            terminal.Dim(name.PadRight(width));
            terminal.Out.WriteLine(Phrases.Printable(value).ReplaceLineEndings("\n" + new string(' ', width)));
        }
    }
}
