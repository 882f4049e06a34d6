using Grpc.Core;
using Minion.Contracts.Faults;

namespace Minion.Data.Embedded;

/// <summary>Says why PostgreSQL did not start, from what it wrote to its log.</summary>
internal static class EmbeddedFaults
{
    public static Fault DiskFull(string folder, string detail) => new(
        StatusCode.ResourceExhausted,
        "DISK_FULL",
        $"The disk of the data folder {folder} is full: {detail}",
        "Make room and start again; what was committed is safe.");

    public static Fault NotStarted(string folder, string what, string log)
    {
        if (log.Contains("No space left on device", StringComparison.Ordinal))
        {
            return DiskFull(folder, Reasons(log));
        }

        return new Fault(
            StatusCode.FailedPrecondition,
            "POSTGRES_NOT_STARTED",
            $"{what} in {folder}: {Reasons(log)}",
            $"PostgreSQL's log is {Path.Combine(folder, "postgres", ServerLog.FileName)}.");
    }

    /// <summary>The lines that name a cause, else the last ones.</summary>
    private static string Reasons(string log)
    {
        var lines = log.Split('\n').Where(l =>
            l.Contains("FATAL:", StringComparison.Ordinal) || l.Contains("PANIC:", StringComparison.Ordinal)
            || l.Contains("error:", StringComparison.Ordinal) || l.Contains("HINT:", StringComparison.Ordinal)).ToList();
        return lines.Count > 0 ? Command.LastLines(string.Join('\n', lines)) : Command.LastLines(log);
    }
}
