namespace Minion.Orchestration.Runs.Journal;

/// <summary>A child run, as far as its parent's journal tells.</summary>
/// <param name="step">The step that started it.</param>
/// <param name="call">Its position among the children of that step, from 0.</param>
/// <param name="started">What was started.</param>
/// <param name="startedAt">When it was started.</param>
public sealed class ChildState(int step, int call, ChildStarted started, DateTimeOffset startedAt = default)
{
    /// <summary>The step that started it.</summary>
    public int Step { get; } = step;

    /// <summary>Its position among the children of that step, from 0.</summary>
    public int Call { get; } = call;

    /// <summary>What was started.</summary>
    public ChildStarted Started { get; } = started;

    /// <summary>When it was started.</summary>
    public DateTimeOffset StartedAt { get; } = startedAt;

    /// <summary>How it ended; null while it has not.</summary>
    public ChildEnded? Ended { get; internal set; }

    /// <summary>When it ended; null while it has not.</summary>
    public DateTimeOffset? EndedAt { get; internal set; }
}
