namespace Minion.Tools.Mcp.Sessions;

/// <summary>The pause after a failure: half a second, doubling with each in a row up to a minute.</summary>
internal sealed class Pauses(TimeProvider time)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private int _failures;
    private long _since;
    private TimeSpan _pause;

    /// <summary>How long it is still paused; null when it is not.</summary>
    public TimeSpan? Left
    {
        get
        {
            var left = _pause - (_failures == 0 ? _pause : time.GetElapsedTime(_since));
            return left > TimeSpan.Zero ? left : null;
        }
    }

    public TimeSpan Next()
    {
        var doubled = Shortest * Math.Pow(2, Math.Min(_failures, 10));
        _pause = doubled < Longest ? doubled : Longest;
        _failures++;
        _since = time.GetTimestamp();
        return _pause;
    }

    public void Reset() => _failures = 0;
}
