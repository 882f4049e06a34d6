using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Behaviours;

/// <summary>How far a part of a run is.</summary>
internal abstract record Outcome
{
    /// <summary>It is under way, or is to begin.</summary>
    public static Outcome Pending { get; } = new PendingOutcome();

    /// <summary>It was left out.</summary>
    public static Outcome Skipped { get; } = new SkippedOutcome();

    private sealed record PendingOutcome : Outcome;

    private sealed record SkippedOutcome : Outcome;
}

/// <summary>It has a result. <paramref name="Forgiven"/>: the result tells of a failure that the run goes on with.</summary>
internal sealed record Done(string Text, CallFailure? Forgiven = null) : Outcome;

/// <summary>It has none.</summary>
internal sealed record Failed(CallFailure Failure) : Outcome
{
    public Failed(string kind, string message, string hint)
        : this(new CallFailure(kind, message, hint))
    {
    }
}
