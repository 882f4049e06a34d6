namespace Minion.Tools.Sandboxes.Limits;

/// <summary>
/// Looks at a running sandbox now and then, and ends it when it has used up its time. It counts files, and
/// where there is no control group also memory, which the kernel then limits for single processes only.
/// </summary>
internal sealed class Watchdog(SandboxOptions options, int process, ControlGroup? group, TimeProvider time)
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Seldom = TimeSpan.FromMilliseconds(250);
    private static readonly string[] WritablePlaces = [SandboxCommand.Home, "/tmp", "/dev/shm"];

    // Numbers of processes are given again: whoever has ended must not be mistaken for another.
    private readonly long? _startedAt = ProcessTree.StartedAt(process);

    private int _ended;

    /// <summary>Why it was ended; null when it was not.</summary>
    public SandboxEnd? End { get; private set; }

    /// <summary>Watches until the sandbox has ended.</summary>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="exited">Done when the sandbox has ended.</param>
    public async Task WatchAsync(TimeSpan timeout, Task exited)
    {
        var started = time.GetTimestamp();
        while (!exited.IsCompleted)
        {
            var left = timeout - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                Stop(SandboxEnd.TimedOut);
                return;
            }

            var pause = group is null ? Often : Seldom;
            using var done = new CancellationTokenSource();
            await Task.WhenAny(exited, Task.Delay(left < pause ? left : pause, time, done.Token));
            await done.CancelAsync();
            if (!exited.IsCompleted && Exceeded() is { } end)
            {
                Stop(end);
                return;
            }
        }
    }

    /// <summary>Ends the sandbox; the first reason counts.</summary>
    public void Stop(SandboxEnd? why)
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            End = why;
        }

        Kill();
    }

    private SandboxEnd? Exceeded()
    {
        var tree = ProcessTree.Of(process);
        var (memory, cpu) = ProcessTree.Usage(tree);
        if (cpu > TimeSpan.FromSeconds(options.CpuSeconds))
        {
            return SandboxEnd.OutOfCpu;
        }

        if (Files(tree) > options.Files)
        {
            return SandboxEnd.TooManyFiles;
        }

        return group is null && (HasTooMuch(memory, tree) || HostMemory.IsLow()) ? SandboxEnd.OutOfMemory : null;
    }

    // Memory that processes share counts for each of them at first; the exact sum takes the kernel longer, and is asked for only then.
    private bool HasTooMuch(long memory, List<int> tree)
    {
        var most = (long)options.MemoryMb << 20;
        return memory > most && ProcessTree.Shares(tree) > most;
    }

    // The last of the tree is surely inside, once there are three: bubblewrap outside, its first process inside, the command.
    private static long Files(List<int> tree) => tree.Count > 2 && Directory.Exists($"/proc/{tree[^1]}/root{SandboxCommand.CodeFolder}")
        ? WritablePlaces.Sum(place => Libc.FilesOn($"/proc/{tree[^1]}/root{place}") ?? 0)
        : 0;

    private void Kill()
    {
        if (ProcessTree.StartedAt(process) is not { } startedAt || startedAt != _startedAt)
        {
            group?.Kill();
            return;
        }

        // The tree first: once bubblewrap is gone its children cannot be found.
        var tree = ProcessTree.Of(process);
        Libc.Kill(process);
        group?.Kill();
        tree.ForEach(Libc.Kill);
    }
}
