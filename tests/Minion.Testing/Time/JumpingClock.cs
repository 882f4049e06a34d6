namespace Minion.Testing.Time;

/// <summary>A wall clock that somebody sets ahead or back, over a clock that measures on.</summary>
public sealed class JumpingClock(TimeProvider measures) : TimeProvider
{
    private long _ahead;

    /// <summary>How far the wall clock is ahead of the other; negative for one that was set back.</summary>
    public TimeSpan Ahead
    {
        get => new(Volatile.Read(ref _ahead));
        set => Volatile.Write(ref _ahead, value.Ticks);
    }

    public override long TimestampFrequency => measures.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => measures.GetUtcNow() + Ahead;

    public override long GetTimestamp() => measures.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        measures.CreateTimer(callback, state, dueTime, period);
}
