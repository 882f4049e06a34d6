using System.Text.RegularExpressions;
using Grpc.Core;
using Minion.Contracts.Faults;

namespace Minion.Data.Embedded;

/// <summary>Says why PostgreSQL did not start, from what it wrote to its log.</summary>
internal static partial class EmbeddedFaults
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

    /// <summary>The last lines, without time and process.</summary>
    private static string Reasons(string log) => Command.LastLines(LinePrefix().Replace(log, ""));

    [GeneratedRegex(@"^[-0-9]+ [.:0-9]+ UTC \[[0-9]+\] ", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LinePrefix();
}
