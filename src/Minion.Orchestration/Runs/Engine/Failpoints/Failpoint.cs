using System.Runtime.CompilerServices;

namespace Minion.Orchestration.Runs.Engine.Failpoints;

/// <summary>
/// Where the crash harness may kill this process. Off, each is a look at one static field; see <see cref="FailpointList"/> for what there are and
/// <see cref="EngineOptions.AllowFailpoints"/> for how they are turned on.
/// </summary>
internal static class Failpoint
{
    private static FailpointTrigger? _trigger;

    /// <summary>Turns failpoints on in this process, for good.</summary>
    public static void TurnOn(FailpointTrigger trigger) => _trigger = trigger;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Hit(string name) => _trigger?.Hit(name);

    /// <summary>Passes a failpoint only when there was something to do.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Hit(string name, bool when)
    {
        if (when)
        {
            _trigger?.Hit(name);
        }
    }

    /// <summary>Passes the failpoint <paramref name="prefix"/> of each append.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Hit(string prefix, IReadOnlyList<Append> appends)
    {
        if (_trigger is { } trigger)
        {
            foreach (var append in appends)
            {
                trigger.Hit(prefix + AppendKind.Of(append).Name);
            }
        }
    }
}
