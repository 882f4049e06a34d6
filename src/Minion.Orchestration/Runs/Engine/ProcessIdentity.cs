using System.Globalization;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>
/// Names a process so that another one on the same machine can tell that it is dead: boot, pid namespace, pid and start time, as
/// Linux gives them in /proc. Empty where there is no /proc: then only the lease tells.
/// </summary>
internal static class ProcessIdentity
{
    public static string Current { get; } = Of(Environment.ProcessId) ?? "";

    /// <summary>Whether <paramref name="identity"/> certainly names a process of this machine that has ended.</summary>
    public static bool IsDead(string identity)
    {
        var parts = identity.Split(' ');
        var mine = Current.Split(' ');
        return parts.Length == 4
            && mine.Length == 4
            && parts[0] == mine[0]
            && parts[1] == mine[1]
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            && Of(pid) != identity;
    }

    private static string? Of(int pid)
    {
        try
        {
            var boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
            var space = new FileInfo("/proc/self/ns/pid").LinkTarget;
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            // Field 22, counted behind the command's name, which may hold anything but ends with the last parenthesis; state Z is dead.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return space is null || fields[0] == "Z" ? null : $"{boot} {space} {pid} {fields[19]}";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
