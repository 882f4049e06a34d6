namespace Minion.Orchestration.Runs.Journal;

/// <summary>A child run, as far as its parent's journal tells.</summary>
internal sealed class ChildState(int step, int call, ChildStarted started)
{
    /// <summary>The step that started it.</summary>
    public int Step { get; } = step;

    /// <summary>Its position among the children of that step, from 0.</summary>
    public int Call { get; } = call;

    public ChildStarted Started { get; } = started;

    /// <summary>How it ended; null while it has not.</summary>
    public ChildEnded? Ended { get; set; }
}
