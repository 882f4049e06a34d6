namespace Minion.Tools.Sandboxes.Limits;

/// <summary>What the processes of a control group may use up together.</summary>
/// <param name="MemoryMb">MiB of memory, with files in memory.</param>
/// <param name="Tasks">Processes and threads.</param>
/// <param name="Processors">How many of them they may keep busy.</param>
internal sealed record GroupLimits(int MemoryMb, int Tasks, double Processors)
{
    // Bubblewrap's own two processes and the script count too.
    private const int OfSandbox = 4;

    /// <summary>Whether all of them are ended when there is no memory left (where the kernel can), not only one.</summary>
    public bool EndTogether { get; init; }

    public static GroupLimits Of(SandboxOptions options) => new(options.MemoryMb, options.Processes + OfSandbox, options.Processors) { EndTogether = true };
}
