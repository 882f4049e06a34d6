using System.Globalization;

namespace Minion.Tools.Sandboxes.Limits;

/// <summary>The last line where there are no control groups: what the kernel keeps for a process (sockets, pipes) is nowhere counted for it.</summary>
internal static class HostMemory
{
    private const double LowShare = 0.04;

    /// <summary>Whether the host has hardly any memory left.</summary>
    public static bool IsLow()
    {
        var (total, available) = (0L, 0L);
        foreach (var line in File.ReadLines("/proc/meminfo").Take(3))
        {
            total = line.StartsWith("MemTotal:", StringComparison.Ordinal) ? Number(line) : total;
            available = line.StartsWith("MemAvailable:", StringComparison.Ordinal) ? Number(line) : available;
        }

        return total > 0 && available < total * LowShare;
    }

    private static long Number(string line) => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
