using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Trees;

/// <summary>A run of a tree, and which call of its parent started it.</summary>
internal sealed record TreeRun(RunRecord Run, int ParentStep, int ParentCall);

/// <summary>What one call of a run did, as far as its journal tells.</summary>
internal sealed record TreeStep(Guid RunId, int Step, int Call, string Kind, string Name)
{
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Null while a child is under way.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    public Usage Usage { get; init; }

    public bool Failed { get; init; }

    /// <summary>The child run; null for others, and for one that could not be started.</summary>
    public Guid? Child { get; init; }

    /// <summary>What a model was asked for, or what a child is called.</summary>
    public string Label { get; init; } = "";
}

/// <summary>A run with those below it.</summary>
/// <param name="Runs">Level by level, each level in the order of the calls.</param>
/// <param name="StepCounts">How many steps each has begun.</param>
/// <param name="Steps">What each did, in order.</param>
/// <param name="IsTruncated">Whether there is more.</param>
internal sealed record RunTree(
    IReadOnlyList<TreeRun> Runs, IReadOnlyDictionary<Guid, int> StepCounts, ILookup<Guid, TreeStep> Steps, bool IsTruncated);
