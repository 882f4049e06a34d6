using System.Globalization;

namespace Minion.Data.Embedded;

/// <summary>The processes of a PostgreSQL, found by their working folder, which is its data.</summary>
internal static class PostgresProcesses
{
    /// <summary>Empty also where the system has no <c>/proc</c>.</summary>
    public static IReadOnlyList<int> In(string postgresFolder) =>
        Directory.Exists("/proc")
            ? [.. Directory.EnumerateDirectories("/proc").Select(Id).OfType<int>().Where(id => WorksIn(id, postgresFolder))]
            : [];

    private static int? Id(string folder) =>
        int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    private static bool WorksIn(int process, string folder)
    {
        try
        {
            return new FileInfo($"/proc/{process}/cwd").LinkTarget == folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
