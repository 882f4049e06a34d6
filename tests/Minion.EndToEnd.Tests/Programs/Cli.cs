using System.Diagnostics;
using System.Text;

namespace Minion.EndToEnd.Tests.Programs;

/// <summary>What a program wrote and ended with.</summary>
internal sealed record Ended(int ExitCode, string Out, string Error)
{
    public override string ToString() => $"exit code {ExitCode}\n--- out\n{Out}\n--- error\n{Error}";
}

/// <summary>The command line as a process, as people run it. The programs stand in the tests' own folder, so that coverage counts them too.</summary>
internal sealed class Cli : IDisposable
{
    public static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Minion.Cli");
    public static readonly string Server = Path.Combine(AppContext.BaseDirectory, "Minion.Server");

    // Longer than the programs' own patience: what they say when it ends is the better reason.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly StringBuilder _out = new();
    private readonly StringBuilder _error = new();
    private readonly TaskCompletionSource _outEnded = new();
    private readonly TaskCompletionSource _errorEnded = new();

    private Cli(Process process) => Process = process;

    public Process Process { get; }

    public string Out => Text(_out);

    public string Error => Text(_error);

    /// <summary>Starts the command line; its input stays open.</summary>
    public static Cli Start(IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments) => Start(Program, environment, arguments);

    /// <summary>Starts it in a terminal of its own (script(1)), where it sees a person.</summary>
    public static Cli StartInTerminal(IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        var command = string.Join(' ', arguments.Prepend(Program).Select(a => "'" + a.Replace("'", @"'\''", StringComparison.Ordinal) + "'"));
        // exec: dash, the shell where SHELL is not set, ends with 130 after a Ctrl-C that its child has handled.
        return Start("script", environment, ["-qefc", "exec " + command, "/dev/null"]);
    }

    public static async Task<Ended> RunAsync(IReadOnlyDictionary<string, string> environment, string? input, params IEnumerable<string> arguments)
    {
        using var cli = Start(environment, arguments);
        if (input is not null)
        {
            await cli.Process.StandardInput.WriteAsync(input);
        }

        cli.Process.StandardInput.Close();
        return await cli.EndAsync();
    }

    /// <summary>Types into the program.</summary>
    public async Task TypeAsync(string text)
    {
        await Process.StandardInput.WriteAsync(text);
        await Process.StandardInput.FlushAsync();
    }

    /// <summary>Waits until the program has written <paramref name="text"/>.</summary>
    public Task WroteAsync(string text) => Eventually.HoldsAsync(() => (Out + Error).Contains(text, StringComparison.Ordinal), () => $"'{text}' was not written.\n{Out}\n{Error}");

    /// <summary>Waits for the end.</summary>
    public async Task<Ended> EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await Process.WaitForExitAsync(patience.Token);
            // What it wrote last may still be on its way through the pipes; a server that it leaves behind has a log file instead.
            await Task.WhenAll(_outEnded.Task, _errorEnded.Task).WaitAsync(patience.Token);
        }
        catch (OperationCanceledException exception)
        {
            throw new TimeoutException($"The program did not end within {Patience.TotalSeconds:0} s.\n{Out}\n{Error}", exception);
        }

        return new Ended(Process.ExitCode, Out, Error);
    }

    public void Dispose()
    {
        if (!Process.HasExited)
        {
            Process.Kill();
        }

        Process.Dispose();
    }

    private static Cli Start(string program, IReadOnlyDictionary<string, string> environment, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["MINION_SERVER_PATH"] = Server;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var cli = new Cli(Process.Start(start)!);
        _ = PumpAsync(cli.Process.StandardOutput, cli._out, cli._outEnded);
        _ = PumpAsync(cli.Process.StandardError, cli._error, cli._errorEnded);
        return cli;
    }

    private static async Task PumpAsync(StreamReader reader, StringBuilder text, TaskCompletionSource ended)
    {
        var buffer = new char[1024];
        int count;
        while ((count = await reader.ReadAsync(buffer)) > 0)
        {
            lock (text)
            {
                text.Append(buffer, 0, count);
            }
        }

        ended.SetResult();
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
