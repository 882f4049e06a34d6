using System.Globalization;

namespace Minion.Data.Embedded;

/// <summary>
/// What <c>postmaster.pid</c> says: the process on its first line, the status on its eighth
/// (PostgreSQL's <c>miscadmin.h</c>, LOCK_FILE_LINE_*).
/// </summary>
internal sealed record PostmasterFile(int Process, bool Ready)
{
    public static string PathIn(string postgresFolder) => Path.Combine(postgresFolder, "postmaster.pid");

    /// <summary>Null when there is none, or it is being written.</summary>
    public static PostmasterFile? Read(string postgresFolder)
    {
        try
        {
            return Parse(File.ReadAllText(PathIn(postgresFolder)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static PostmasterFile? Parse(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries);
        return int.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out var process)
            ? new PostmasterFile(process, lines.Length > 7 && lines[7] == "ready")
            : null;
    }
}
