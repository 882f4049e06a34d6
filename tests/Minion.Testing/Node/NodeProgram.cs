using System.Diagnostics;
using Shouldly;

namespace Minion.Testing.Node;

/// <summary>A client in JavaScript; its packages are fetched once.</summary>
/// <param name="folder">Where its <c>package.json</c> is.</param>
public sealed class NodeProgram(string folder)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly SemaphoreSlim Fetching = new(1, 1);

    /// <summary>Runs a script of the folder to its end; returns what it wrote. It fails when the script does.</summary>
    public async Task<string> RunAsync(string script, params IEnumerable<string> arguments)
    {
        await FetchAsync();
        return await RunProgramAsync("node", [script, .. arguments]);
    }

    private async Task FetchAsync()
    {
        await Fetching.WaitAsync();
        try
        {
            if (!Directory.Exists(Path.Combine(folder, "node_modules")))
            {
                await RunProgramAsync("npm", ["ci", "--ignore-scripts"]);
            }
        }
        finally
        {
            Fetching.Release();
        }
    }

    private async Task<string> RunProgramAsync(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);
        process.ExitCode.ShouldBe(0, await error);
        return await output;
    }
}
