namespace Minion.Orchestration.Tests.Runs.Modelled;

/// <summary>The choices of a simulated run, in order; 0 when there are no more. A shorter tape, or smaller numbers, make a simpler run.</summary>
internal sealed class Tape(int[] choices)
{
    private int _next;

    /// <summary>Whether choices are left.</summary>
    public bool HasMore => _next < choices.Length;

    /// <summary>A number from 0 to <paramref name="count"/> - 1.</summary>
    public int Choose(int count) => HasMore ? (int)((uint)choices[_next++] % (uint)count) : 0;

    /// <summary>True in one of <paramref name="count"/> cases, and never at the end of the tape.</summary>
    public bool OneIn(int count) => HasMore && Choose(count) == count - 1;
}
