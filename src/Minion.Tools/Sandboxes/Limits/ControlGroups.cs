using System.Globalization;

namespace Minion.Tools.Sandboxes.Limits;

/// <summary>Makes control groups for programs that are held in, where this process may.</summary>
/// <param name="Root">Where control groups are mounted.</param>
/// <param name="Own">What <c>/proc/self/cgroup</c> says.</param>
internal sealed record ControlGroups(string Root, string Own)
{
    private const string Parent = "minion-sandboxes";

    private static readonly string[] Controllers = ["memory", "pids", "cpu"];

    public static ControlGroups OfThisMachine() => new("/sys/fs/cgroup", File.Exists("/proc/self/cgroup") ? File.ReadAllText("/proc/self/cgroup") : "");

    /// <summary>A group; null when none can be made: a watchdog then does what it can.</summary>
    public ControlGroup? Create(GroupLimits limits)
    {
        var name = Guid.CreateVersion7().ToString("n");
        try
        {
            return File.Exists(Path.Combine(Root, "cgroup.controllers")) ? Unified(limits, name) : Legacy(limits, name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Removes groups that a process which was killed has left behind: empty ones, as old as no call becomes.</summary>
    public void RemoveLeftovers(DateTimeOffset before)
    {
        string[] parents = [Path.Combine(Root, OwnPath(), Parent), .. Controllers.Select(controller => Path.Combine(Root, controller, Parent))];
        foreach (var group in parents.Where(Directory.Exists).SelectMany(Directory.GetDirectories).Where(group => Directory.GetLastWriteTimeUtc(group) < before.UtcDateTime))
        {
            try
            {
                Directory.Delete(group);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Something runs in it still.
            }
        }
    }

    // Version 2: one tree; within this process's own group, which must have been delegated to it.
    private ControlGroup? Unified(GroupLimits limits, string name)
    {
        var own = OwnPath();
        var parent = Path.Combine(Root, own, Parent);
        Directory.CreateDirectory(parent);
        File.WriteAllText(Path.Combine(Root, own, "cgroup.subtree_control"), "+memory +pids +cpu");
        File.WriteAllText(Path.Combine(parent, "cgroup.subtree_control"), "+memory +pids +cpu");
        var folder = Path.Combine(parent, name);
        Directory.CreateDirectory(folder);
        return ControlGroup.Make([folder], Path.Combine(folder, "memory.events"),
        [
            (folder, "memory.max", Text((long)limits.MemoryMb << 20)),
            (folder, "memory.swap.max", "0"),
            (folder, "memory.oom.group", limits.EndTogether ? "1" : "0"),
            (folder, "pids.max", Text(limits.Tasks)),
            (folder, "cpu.max", string.Create(CultureInfo.InvariantCulture, $"{(long)(limits.Processors * 100_000)} 100000")),
        ]);
    }

    // Version 1: a tree for each controller. A group at its top: those of others are not for this process to nest in.
    private ControlGroup? Legacy(GroupLimits limits, string name)
    {
        var folders = Controllers.Select(controller => Path.Combine(Root, controller)).Where(Directory.Exists)
            .Select(controller => Path.Combine(controller, Parent, name)).ToList();
        if (folders.Count < Controllers.Length)
        {
            return null;
        }

        folders.ForEach(folder => Directory.CreateDirectory(folder));
        return ControlGroup.Make(folders, Path.Combine(folders[0], "memory.oom_control"),
        [
            (folders[0], "memory.limit_in_bytes", Text((long)limits.MemoryMb << 20)),
            (folders[1], "pids.max", Text(limits.Tasks)),
            (folders[2], "cpu.cfs_period_us", "100000"),
            (folders[2], "cpu.cfs_quota_us", Text((long)(limits.Processors * 100_000))),
        ]);
    }

    private string OwnPath() => Own.Split('\n').FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal))?[3..].Trim('/') ?? "";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
