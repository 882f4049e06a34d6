using Spectre.Console;

namespace Minion.Cli.Output;

/// <summary>Everything that a verb may touch of the process around it; tests give their own.</summary>
internal sealed class Terminal : IDisposable
{
    private IAnsiConsole? _console;

    public required TextReader In { get; init; }

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public bool InIsTerminal { get; init; }

    public bool OutIsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    public required Func<string, string?> Environment { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public Interrupts Interrupts { get; init; } = new();

    /// <summary>Whether a person sits in front of it who can be asked.</summary>
    public bool IsInteractive => InIsTerminal && OutIsTerminal;

    /// <summary>https://no-color.org: any value but the empty one turns colours off.</summary>
    public bool Colours => OutIsTerminal && string.IsNullOrEmpty(Environment("NO_COLOR")) && Environment("TERM") != "dumb";

    /// <summary>Made when first used: verbs that write plain text start faster without it.</summary>
    public IAnsiConsole Console => _console ??= CreateConsole();

    public static Terminal OfThisProcess() => new()
    {
        In = System.Console.In,
        Out = System.Console.Out,
        Error = System.Console.Error,
        InIsTerminal = !System.Console.IsInputRedirected,
        OutIsTerminal = !System.Console.IsOutputRedirected,
        ErrorIsTerminal = !System.Console.IsErrorRedirected,
        Environment = System.Environment.GetEnvironmentVariable,
        Interrupts = Interrupts.OfThisProcess(),
    };

    public void Dispose() => Interrupts.Dispose();

    /// <summary>Writes <paramref name="text"/> in grey where there are colours.</summary>
    public void Dim(string text) => Styled("\e[2m", text);

    public void Bold(string text) => Styled("\e[1m", text);

    public void Green(string text) => Styled("\e[32m", text);

    public void Red(string text) => Styled("\e[31m", text);

    /// <summary>Reads a line; null at the end of the input (Ctrl-D). The prompt is for people only.</summary>
    public async Task<string?> ReadLineAsync(string prompt, CancellationToken cancellation)
    {
        if (IsInteractive)
        {
            Bold(prompt);
            await Out.FlushAsync(cancellation);
        }

        // Reading cannot be cancelled; the thread that is left waiting ends with the process.
        return await Task.Run(In.ReadLine, cancellation).WaitAsync(cancellation);
    }

    private void Styled(string start, string text) => Out.Write(Colours ? start + text + "\e[0m" : text);

    private IAnsiConsole CreateConsole()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = Colours ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = Colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = IsInteractive ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(Out),
        });
        if (!OutIsTerminal)
        {
            // A row of a table is a line for the program that reads it.
            console.Profile.Width = 2000;
        }

        return console;
    }
}
