namespace Minion.Models.Money;

/// <summary>
/// How long one call waits for reservations of others to end. Calls of runs wait, because a run must not die of what is only reserved,
/// perhaps by a process that is dead; others hear at once that they may try again.
/// </summary>
internal sealed class Patience(ModelCall call, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private TimeSpan _pause = TimeSpan.FromMilliseconds(100);
    private long? _began;

    /// <summary>The next pause; null when the call waits no longer.</summary>
    public TimeSpan? Next()
    {
        _began ??= time.GetTimestamp();
        var left = Longest - time.GetElapsedTime(_began.Value);
        if (call.Deadline - time.GetUtcNow() is { } untilDeadline && untilDeadline < left)
        {
            left = untilDeadline;
        }

        if (call.Run is null || left <= TimeSpan.Zero)
        {
            return null;
        }

        var pause = _pause < left ? _pause : left;
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        return pause;
    }
}
