using Microsoft.Extensions.Options;
using Minion.Tools.Sandboxes.Limits;

namespace Minion.Tools.Sandboxes.Homes;

/// <summary>
/// The home folders between calls, packed, one file each. Nothing of them is unpacked outside a sandbox. They outlive the process; the time of
/// the last call is the file's.
/// </summary>
internal sealed class HomeStore(IOptions<SandboxOptions> options, SandboxFolders folders, TimeProvider time)
{
    private static readonly TimeSpan Leftover = TimeSpan.FromHours(1);

    private readonly Dictionary<string, Gate> _gates = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Waits until no other call of this process has it.</summary>
    public async Task<HomeLease> LeaseAsync(HomeKey key, CancellationToken cancellationToken)
    {
        var name = key.FileName();
        var gate = Enter(name);
        try
        {
            await gate.Free.WaitAsync(cancellationToken);
        }
        catch
        {
            Leave(name, gate);
            throw;
        }

        return new HomeLease(Path.Combine(folders.Homes, name), time, () =>
        {
            gate.Free.Release();
            Leave(name, gate);
        });
    }

    /// <summary>Removes what has been idle for too long, and the oldest of what is too many; how many that were.</summary>
    public int Reclaim()
    {
        var oldest = time.GetUtcNow().UtcDateTime - TimeSpan.FromMinutes(options.Value.IdleMinutes);
        var homes = new DirectoryInfo(folders.Homes).GetFiles("*.tar").OrderByDescending(file => file.LastWriteTimeUtc).ToList();
        RemoveLeftovers();
        var removed = 0;
        foreach (var home in homes.Where((file, place) => place >= options.Value.Sessions || file.LastWriteTimeUtc < oldest))
        {
            lock (_lock)
            {
                if (!_gates.ContainsKey(home.Name))
                {
                    home.Delete();
                    removed++;
                }
            }
        }

        return removed;
    }

    // What a process that was killed has left behind, older than any call becomes.
    private void RemoveLeftovers()
    {
        var before = time.GetUtcNow() - Leftover;
        ControlGroups.OfThisMachine().RemoveLeftovers(before);
        foreach (var call in new DirectoryInfo(folders.Calls).GetDirectories().Where(call => call.LastWriteTimeUtc < before.UtcDateTime))
        {
            call.Delete(recursive: true);
        }
    }

    private Gate Enter(string name)
    {
        lock (_lock)
        {
            var gate = _gates.TryGetValue(name, out var present) ? present : _gates[name] = new Gate();
            gate.Users++;
            return gate;
        }
    }

    private void Leave(string name, Gate gate)
    {
        lock (_lock)
        {
            if (--gate.Users == 0)
            {
                _gates.Remove(name);
                gate.Free.Dispose();
            }
        }
    }

    private sealed class Gate
    {
        public SemaphoreSlim Free { get; } = new(1);

        public int Users { get; set; }
    }
}
