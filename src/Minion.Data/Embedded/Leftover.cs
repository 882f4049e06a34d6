using Minion.Contracts.Faults;

namespace Minion.Data.Embedded;

/// <summary>
/// Deals with the PostgreSQL of a server that was killed. This process holds the folder's lock, so whatever still runs there has lost
/// its parent: it is on its way down, or is told to go.
/// </summary>
internal static class Leftover
{
    private static readonly TimeSpan OnItsOwn = TimeSpan.FromSeconds(5);

    /// <exception cref="Fault">FAILED_PRECONDITION: it does not end in time.</exception>
    public static async Task EndAsync(string postgresFolder, TimeProvider time, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var asked = false;
        while (PostgresProcesses.In(postgresFolder) is { Count: > 0 } processes)
        {
            var waited = time.GetElapsedTime(started);
            if (waited > timeout)
            {
                throw EmbeddedFaults.NotStarted(
                    Path.GetDirectoryName(postgresFolder)!,
                    "A PostgreSQL of an earlier start does not end",
                    $"FATAL: still running: {string.Join(", ", processes)}");
            }

            if (waited > OnItsOwn && !asked && PostmasterFile.Read(postgresFolder) is { } postmaster && processes.Contains(postmaster.Process))
            {
                Libc.Signal(postmaster.Process, Libc.Interrupt);
                asked = true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellationToken);
        }

        RemoveStaleFile(postgresFolder);
    }

    /// <summary>
    /// PostgreSQL recognises a stale file by itself, unless its process id belongs to another process by now, as happens in containers,
    /// where ids are few. Nothing of it runs here, so the file can go.
    /// </summary>
    private static void RemoveStaleFile(string postgresFolder)
    {
        if (PostmasterFile.Read(postgresFolder) is { } stale && Directory.Exists($"/proc/{stale.Process}"))
        {
            File.Delete(PostmasterFile.PathIn(postgresFolder));
        }
    }
}
