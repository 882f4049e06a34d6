using System.Globalization;

namespace Minion.Server.Listening;

/// <summary>Finds who listens on a TCP port, from Linux's /proc (proc(5)); where that is missing or not allowed, nobody is found.</summary>
internal static class PortHolder
{
    private const string Listening = "0A"; // TCP_LISTEN

    /// <summary>For example <c>postgres (process 4711)</c>; null when it cannot be seen.</summary>
    public static string? Find(int port)
    {
        try
        {
            var inodes = new[] { "/proc/net/tcp", "/proc/net/tcp6" }
                .Where(File.Exists)
                .SelectMany(table => Inodes(File.ReadLines(table), port))
                .ToHashSet();
            return inodes.Count == 0 ? null : Processes().FirstOrDefault(pid => Holds(pid, inodes)) is { } found ? Describe(found) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The inodes of the sockets that listen on the port, from the lines of /proc/net/tcp.</summary>
    internal static IEnumerable<string> Inodes(IEnumerable<string> lines, int port)
    {
        foreach (var line in lines.Skip(1))
        {
            var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length > 9
                && columns[3] == Listening
                && columns[1].Split(':') is [_, var hex]
                && int.TryParse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var listening)
                && listening == port)
            {
                yield return columns[9];
            }
        }
    }

    private static IEnumerable<string> Processes() =>
        Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).OfType<string>().Where(name => name.All(char.IsAsciiDigit));

    private static bool Holds(string pid, HashSet<string> inodes)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{pid}/fd")
                .Select(fd => new FileInfo(fd).LinkTarget ?? "")
                .Any(target => target.StartsWith("socket:[", StringComparison.Ordinal) && inodes.Contains(target[8..^1]));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Describe(string pid) => $"{File.ReadAllText($"/proc/{pid}/comm").Trim()} (process {pid})";
}
