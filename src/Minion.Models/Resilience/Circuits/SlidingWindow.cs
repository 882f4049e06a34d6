namespace Minion.Models.Resilience;

/// <summary>Counts over a sliding window, in six slices. Not for several threads at once.</summary>
internal sealed class SlidingWindow(TimeSpan length, TimeProvider time)
{
    private const int Slices = 6;

    private readonly TimeSpan _slice = length / Slices;
    private readonly long _start = time.GetTimestamp();
    private readonly Slice[] _slices = new Slice[Slices];

    public void Add(bool failed)
    {
        ref var slice = ref Current();
        slice.Total++;
        slice.Failed += failed ? 1 : 0;
    }

    public void AddFirstPart(TimeSpan after)
    {
        ref var slice = ref Current();
        slice.FirstParts++;
        slice.FirstPartSeconds += after.TotalSeconds;
    }

    public Health Read()
    {
        var now = Number();
        var (total, failed, firstParts, seconds) = (0, 0, 0, 0.0);
        foreach (var slice in _slices.Where(s => s.Number > now - Slices))
        {
            total += slice.Total;
            failed += slice.Failed;
            firstParts += slice.FirstParts;
            seconds += slice.FirstPartSeconds;
        }

        return new Health(total, failed, firstParts == 0 ? null : TimeSpan.FromSeconds(seconds / firstParts));
    }

    public void Clear() => Array.Clear(_slices);

    private ref Slice Current()
    {
        var now = Number();
        ref var slice = ref _slices[now % Slices];
        if (slice.Number != now)
        {
            slice = new Slice { Number = now };
        }

        return ref slice;
    }

    // From 7 on, so that an unused slice, which has number 0, is never of the window.
    private long Number() => (time.GetElapsedTime(_start).Ticks / _slice.Ticks) + Slices + 1;

    private struct Slice
    {
        public long Number;
        public int Total;
        public int Failed;
        public int FirstParts;
        public double FirstPartSeconds;
    }
}

/// <summary>How a model did lately.</summary>
/// <param name="Attempts">The attempts that ended within the window.</param>
/// <param name="Failed">Those that failed through the model's or its endpoint's fault.</param>
/// <param name="FirstPart">How long the first part of an answer took on average; null when none came.</param>
internal readonly record struct Health(int Attempts, int Failed, TimeSpan? FirstPart)
{
    public double ErrorRate => Attempts == 0 ? 0 : Failed / (double)Attempts;
}
