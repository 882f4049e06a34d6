using System.ComponentModel;
using System.Diagnostics;

namespace Minion.AppHost.Dependencies;

/// <summary>Whether containers can be run on this machine.</summary>
/// <param name="Answers">A container engine answered.</param>
/// <param name="Why">Why not, in a sentence.</param>
internal sealed record ContainerEngine(bool Answers, string Why)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Asks docker and podman, in this order; each has a few seconds.</summary>
    public static async Task<ContainerEngine> LookAsync()
    {
        var docker = await AskAsync("docker", "version", "--format", "{{.Server.Version}}");
        if (docker is { Answers: true })
        {
            return docker;
        }

        var podman = await AskAsync("podman", "info", "--format", "{{.Version.Version}}");
        return podman is { Answers: true } ? podman : docker ?? podman ?? new ContainerEngine(Answers: false, "There is no container engine here.");
    }

    /// <summary>Null when the program is not installed.</summary>
    private static async Task<ContainerEngine?> AskAsync(string program, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            using var patience = new CancellationTokenSource(Patience);
            try
            {
                var errors = process.StandardError.ReadToEndAsync(patience.Token);
                await process.WaitForExitAsync(patience.Token);
                return process.ExitCode == 0
                    ? new ContainerEngine(Answers: true, "")
                    : new ContainerEngine(Answers: false, $"The container engine does not answer ({program}: {(await errors).Trim()}).");
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                return new ContainerEngine(Answers: false, $"The container engine does not answer ({program}: nothing within {Patience.TotalSeconds} s).");
            }
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
