using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Minion.Cli.Local;

/// <summary>Signals to processes, and whether they live.</summary>
internal static partial class Processes
{
    public const int Terminate = 15; // SIGTERM, signal(7)
    public const int Kill = 9; // SIGKILL

    private const string ServerName = "Minion.Server";

    /// <summary>Whether the process lives and is a Minion server: numbers of processes are used again.</summary>
    public static bool IsServer(int pid)
    {
        try
        {
            if (Directory.Exists("/proc/self"))
            {
                // Empty for a process that has ended and waits to be reaped.
                return File.ReadAllText($"/proc/{pid}/cmdline").Contains(ServerName, StringComparison.Ordinal);
            }

            using var process = Process.GetProcessById(pid);
            return !process.HasExited && process.ProcessName.Contains("Minion", StringComparison.OrdinalIgnoreCase);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or IOException or UnauthorizedAccessException or Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Sends a signal; a process that is gone already is fine.</summary>
    /// <exception cref="CliFailure">This user may not.</exception>
    public static void Signal(int pid, int signal)
    {
        const int NoSuchProcess = 3; // ESRCH
        if (SendSignal(pid, signal) != 0 && Marshal.GetLastPInvokeError() != NoSuchProcess)
        {
            throw new CliFailure(
                ExitCodes.Failed,
                "not_permitted",
                $"This user may not stop process {pid}: {Marshal.GetLastPInvokeErrorMessage()}.",
                "Run the command as the user who started the server.");
        }
    }

    /// <summary>Waits until the server has ended.</summary>
    /// <returns>False when it still lives after <paramref name="patience"/>.</returns>
    public static async Task<bool> EndedAsync(int pid, TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        while (IsServer(pid))
        {
            if (time.GetElapsedTime(started) > patience)
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(30), time, cancellation);
        }

        return true;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int pid, int signal);
}
