namespace Minion.Crash;

/// <summary>How long things take, and are given.</summary>
internal static class Timings
{
    /// <summary>The servers' lease: short, so that pauses may be.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long after a disturbance a call that was under way may still take effect: the process has gone or has been fenced by then, and what it sent to
    /// PostgreSQL has ended or is seen there.
    /// </summary>
    public static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(700);

    /// <summary>For one call of a client; a paused or parted server answers none.</summary>
    public static readonly TimeSpan Call = TimeSpan.FromSeconds(1.5);

    /// <summary>What must have come right by itself after a disturbance.</summary>
    public static readonly TimeSpan Recovery = TimeSpan.FromSeconds(90);

    /// <summary>For the runs that are left when the load ends.</summary>
    public static readonly TimeSpan Drain = TimeSpan.FromSeconds(180);
}
