namespace Minion.Models.Resilience;

/// <summary>The arithmetic of one counter; the script for Redis does the same.</summary>
/// <param name="Minute">The minute that <paramref name="Current"/> is of.</param>
/// <param name="Current">What it has seen.</param>
/// <param name="Before">What the minute before it saw.</param>
internal readonly record struct RateWindow(long Minute, long Current, long Before)
{
    private const long Length = 60_000;

    /// <summary>The counter as it is at a time.</summary>
    /// <param name="milliseconds">The time.</param>
    public RateWindow At(long milliseconds)
    {
        var minute = milliseconds / Length;
        return minute == Minute ? this : new RateWindow(minute, 0, minute == Minute + 1 ? Current : 0);
    }

    /// <summary>What the last sixty seconds have seen.</summary>
    public double Used(long milliseconds) => Current + (Before * (1 - (milliseconds % Length / (double)Length)));

    /// <summary>How long until so much more fits; zero when it does. What is larger than the limit fits when there is nothing else.</summary>
    public TimeSpan WaitFor(long amount, long limit, long milliseconds)
    {
        var room = Math.Max(0, limit - amount);
        // The fraction is of floating point.
        if (Used(milliseconds) <= room + 1e-6)
        {
            return TimeSpan.Zero;
        }

        var passed = milliseconds % Length;

        // Within this minute what the minute before saw fades; in the next one what this minute saw does.
        var wait = Current <= room
            ? Math.Ceiling(Length * (1 - ((room - Current) / (double)Before))) - passed
            : Length - passed + Math.Ceiling(Length * (1 - (room / (double)Current)));
        return TimeSpan.FromMilliseconds(Math.Max(1, wait));
    }

    public RateWindow Add(long amount) => this with { Current = Math.Max(0, Current + amount) };
}
