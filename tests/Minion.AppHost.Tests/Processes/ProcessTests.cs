using System.Collections.Concurrent;
using System.Diagnostics;
using Minion.AppHost.Tests.Running;
using Minion.Testing.Ports;

namespace Minion.AppHost.Tests.Processes;

/// <summary>The AppHost as a process: however it ends, nothing of it stays.</summary>
public sealed class ProcessTests
{
    private const int Interrupt = 2;
    private const int Kill = 9;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Theory]
    [InlineData(Interrupt)]
    [InlineData(Kill)]
    public async Task No_process_outlives_it(int signal)
    {
        using var folder = new TestFolder();
        using var http = new ReservedPort();
        using var grpc = new ReservedPort();
        var output = new ConcurrentQueue<string>();
        using var host = Start(folder.Data, http, grpc, output);
        try
        {
            await Eventually.HoldsAsync(
                () => host.HasExited || ProcessesOf(folder.Data).Any(p => p.Contains("orchestration", StringComparison.Ordinal)),
                () => $"the orchestration to start:\n{string.Join('\n', output)}",
                Patience);
            host.HasExited.ShouldBeFalse(string.Join('\n', output));
            ProcessesOf(folder.Data).Count.ShouldBeGreaterThan(3);

            Signal(host.Id, signal);

            await host.WaitForExitAsync().WaitAsync(Patience);
            await Eventually.BecomesAsync(() => ProcessesOf(folder.Data), left => left.Count == 0, "all processes to end", Patience);
        }
        finally
        {
            host.Kill(entireProcessTree: true);
            await Eventually.BecomesAsync(() => ProcessesOf(folder.Data), left => left.Count == 0, "all processes to end", Patience);
        }
    }

    private static Process Start(string data, ReservedPort http, ReservedPort grpc, ConcurrentQueue<string> output)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Minion.AppHost.dll"), "--no-containers", $"--MINION_DATA={data}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["MINION_DATA"] = data;
        start.Environment["MINION_HTTP"] = $"{http.Number}";
        start.Environment["MINION_GRPC"] = $"{grpc.Number}";
        var host = Process.Start(start)!;
        host.OutputDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        host.ErrorDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        host.BeginOutputReadLine();
        host.BeginErrorReadLine();
        return host;
    }

    /// <summary>Every process that was given the data folder, in its variables or its arguments.</summary>
    private static List<string> ProcessesOf(string data)
    {
        var found = new List<string>();
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(p => int.TryParse(Path.GetFileName(p), out var id) && id != Environment.ProcessId))
        {
            try
            {
                var command = File.ReadAllText($"{process}/cmdline").Replace('\0', ' ');
                if (command.Length > 0 && (command + File.ReadAllText($"{process}/environ")).Contains(data, StringComparison.Ordinal))
                {
                    found.Add(command);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Gone, or not ours.
            }
        }

        return found;
    }

    private static void Signal(int process, int signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        kill.WaitForExit();
    }
}
