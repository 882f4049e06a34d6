using System.Diagnostics;
using Shouldly;

namespace Minion.Testing.Npm;

/// <summary>A program that was run to its end.</summary>
/// <param name="Command">As it was called.</param>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it wrote.</param>
/// <param name="Errors">What it wrote to its standard error.</param>
public sealed record ProgramRun(string Command, int ExitCode, string Output, string Errors)
{
    /// <summary>Fails the test, with all that the program wrote, unless it ended well.</summary>
    public ProgramRun RequireSuccess()
    {
        ExitCode.ShouldBe(0, $"{Command}\n{Output}\n{Errors}");
        return this;
    }

    /// <summary>Runs a program to its end; it and its children are ended when that takes longer than the patience.</summary>
    public static async Task<ProgramRun> StartAsync(
        string program, IEnumerable<string> arguments, string folder, TimeSpan patience, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        var command = string.Join(' ', start.ArgumentList.Prepend(program));
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException late)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{command} did not end within {patience}.\n{await output}\n{await errors}", late);
        }

        return new ProgramRun(command, process.ExitCode, await output, await errors);
    }
}
