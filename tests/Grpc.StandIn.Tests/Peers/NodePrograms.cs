using System.ComponentModel;
using System.Diagnostics;

namespace Grpc.StandIn.Tests;

/// <summary>The programs in <c>node/</c> and the packages that they need.</summary>
internal static class NodePrograms
{
    public static string Folder { get; } = Find();

    /// <summary>Installs the packages once, also when several test processes begin at the same time.</summary>
    public static async Task EnsureInstalledAsync()
    {
        await using var exclusive = await LockAsync();
        if (File.Exists(Path.Combine(Folder, "node_modules", ".package-lock.json")))
        {
            return;
        }

        using var npm = Start("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
        npm.StandardInput.Close();
        var output = npm.StandardOutput.ReadToEndAsync();
        var errors = npm.StandardError.ReadToEndAsync();
        await npm.WaitForExitAsync();
        if (npm.ExitCode != 0)
        {
            throw new InvalidOperationException($"'npm ci' in {Folder} failed; the tests against @grpc/grpc-js need it.\n{await output}\n{await errors}");
        }
    }

    public static Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException(
                $"'{program}' could not be started: {exception.Message}. The tests against @grpc/grpc-js need Node 20 or later with npm on the PATH.", exception);
        }
    }

    private static Task<FileStream> LockAsync() => Eventually.BecomesAsync(
        async () => new FileStream(Path.Combine(AppContext.BaseDirectory, "node-packages.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None),
        _ => true,
        "the lock of the packages",
        e => e is IOException,
        TimeSpan.FromMinutes(5));

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "tests", "Grpc.StandIn.Tests", "node");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new InvalidOperationException($"The folder tests/Grpc.StandIn.Tests/node was not found above {AppContext.BaseDirectory}.");
    }
}
