using System.Globalization;

namespace Minion.Tools.Sandboxes.Limits;

/// <summary>The control groups of one sandbox.</summary>
internal sealed class ControlGroup : IDisposable
{
    private const int Attempts = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly IReadOnlyList<string> _folders;
    private readonly string _events;

    private ControlGroup(IReadOnlyList<string> folders, string events)
    {
        (_folders, _events) = (folders, events);
    }

    /// <summary>The files that a process joins by writing its number.</summary>
    public IEnumerable<string> Joins => _folders.Select(Processes);

    /// <summary>Groups with the settings written; nothing of them is left when one cannot be.</summary>
    public static ControlGroup Make(IReadOnlyList<string> folders, string events, IEnumerable<(string Folder, string File, string Value)> settings)
    {
        try
        {
            foreach (var (folder, file, value) in settings)
            {
                var path = Path.Combine(folder, file);
                if (file is not ("memory.swap.max" or "memory.oom.group") || File.Exists(path))
                {
                    File.WriteAllText(path, value);
                }
            }
        }
        catch
        {
            Remove(folders);
            throw;
        }

        return new ControlGroup(folders, events);
    }

    /// <summary>Whether the kernel ended a process because the group had no memory left.</summary>
    public bool RanOutOfMemory()
    {
        try
        {
            return File.ReadLines(_events).Any(line => line.StartsWith("oom_kill ", StringComparison.Ordinal) && line != "oom_kill 0");
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Ends everything in it.</summary>
    public void Kill()
    {
        foreach (var process in Members())
        {
            Libc.Kill(process);
        }
    }

    /// <summary>Removes it, soon: a group is empty only a moment after its last process has ended, and no call waits for that.</summary>
    public void Dispose() => _ = Task.Run(RemoveAsync, CancellationToken.None);

    private async Task RemoveAsync()
    {
        for (var attempt = 0; attempt < Attempts && !Remove(_folders); attempt++)
        {
            Kill();
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    private static bool Remove(IEnumerable<string> folders)
    {
        var gone = true;
        foreach (var folder in folders.Where(Directory.Exists))
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                gone = false;
            }
        }

        return gone;
    }

    private static string Processes(string folder) => Path.Combine(folder, "cgroup.procs");

    private List<int> Members()
    {
        try
        {
            return [.. File.ReadAllLines(Processes(_folders[0])).Select(line => int.Parse(line, CultureInfo.InvariantCulture)).Where(process => process > 0)];
        }
        catch (IOException)
        {
            return [];
        }
    }
}
