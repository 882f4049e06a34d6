namespace Minion.Tools.Tests.Sandboxes;

/// <summary>The battery. Each attack is bounded by itself too, so that one that is not contained does little harm.</summary>
internal static class Attacks
{
    public static IReadOnlyList<Attack> All { get; } =
        [.. UsingUp.Attacks, .. ReadingHost.Attacks, .. KernelCalls.Attacks, .. ProcessesAndFiles.Attacks, .. GettingOut.Attacks];
}
