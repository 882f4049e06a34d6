namespace Minion.Cli.Output;

internal static class Diffs
{
    /// <summary>Writes a unified diff: what goes in red, what comes in green, the rest in grey.</summary>
    public static void Diff(this Terminal terminal, string diff, string indent = "")
    {
        foreach (var line in Phrases.Printable(diff).TrimEnd('\n').Split('\n'))
        {
            terminal.Out.Write(indent);
            Action<string> write = line switch
            {
                ['-', '-', '-', ..] or ['+', '+', '+', ..] or ['@', ..] => terminal.Bold,
                ['-', ..] => terminal.Red,
                ['+', ..] => terminal.Green,
                _ => terminal.Dim,
            };
            write(line);
            terminal.Out.WriteLine();
        }
    }
}
