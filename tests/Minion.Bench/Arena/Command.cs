using System.Diagnostics;

namespace Minion.Bench.Arena;

/// <summary>Runs a program to its end.</summary>
internal static class Command
{
    /// <summary>Returns what it wrote and how long all of it took.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has its last lines.</exception>
    public static async Task<(string Output, TimeSpan Took)> RunAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment, CancellationToken ct)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Root.Folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var exit = process.WaitForExitAsync(ct);
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var errors = process.StandardError.ReadToEndAsync(ct);
        await exit;
        var took = clock.Elapsed;
        return process.ExitCode == 0
            ? (await output, took)
            : throw new InvalidOperationException($"{Path.GetFileName(program)} ended with exit code {process.ExitCode}:\n{await output}{await errors}");
    }
}
