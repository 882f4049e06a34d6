using System.Diagnostics;
using System.Text.Json;

namespace Minion.Edge.Tests.OpenAi;

/// <summary>The official client from npm, as a program of Node.js.</summary>
internal static class NodeClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly SemaphoreSlim Installing = new(1);

    /// <summary>Plays a scenario of <c>client.js</c>; gives what it prints. Skips the test where there is no Node.js.</summary>
    public static async Task<JsonElement> PlayAsync(string url, string key, string scenario, string model = "default")
    {
        var folder = Folder();
        await InstallAsync(folder);
        return JsonElement.Parse(await RunAsync(folder, "node", "client.js", url, key, scenario, model));
    }

    private static async Task InstallAsync(string folder)
    {
        await Installing.WaitAsync();
        try
        {
            if (!Directory.Exists(Path.Combine(folder, "node_modules")))
            {
                await RunAsync(folder, "npm", "ci", "--ignore-scripts");
            }
        }
        finally
        {
            Installing.Release();
        }
    }

    private static async Task<string> RunAsync(string folder, string program, params IEnumerable<string> arguments)
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

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Minion.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder!.FullName, "tests", "Minion.Edge.Tests", "node");
    }
}
