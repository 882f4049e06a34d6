using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>
/// What each of the children that a run starts together may use of what it has left. What was given to children that have not ended is not given again, so
/// that a tree does not use more than its root may.
/// </summary>
/// <param name="Tokens">Tokens; null for no limit.</param>
/// <param name="CostUsd">USD; null for no limit.</param>
/// <param name="Time">Time.</param>
internal readonly record struct Share(long? Tokens, decimal? CostUsd, TimeSpan Time)
{
    /// <summary>What a child may use of the time that is left: its parent must be able to do something about a child that hangs.</summary>
    private const double PartOfTime = 0.9;

    /// <summary>Whether a child could do nothing with it.</summary>
    public bool IsNothing => Tokens < 1 || CostUsd <= 0 || Time <= TimeSpan.Zero;

    public static Share Of(ClaimedRun parent, RunState state, int children, DateTimeOffset now)
    {
        var open = state.Children.Where(c => c.Ended is null).ToList();
        var limits = parent.Limits;
        children = Math.Max(1, children);
        return new Share(
            limits.MaxTokens == 0
                ? null
                : (limits.MaxTokens - state.Usage.InputTokens - state.Usage.OutputTokens - open.Sum(c => c.Started.MaxTokens)) / children,
            limits.MaxCostUsd == 0 ? null : (limits.MaxCostUsd - state.Usage.CostUsd - open.Sum(c => c.Started.MaxCostUsd)) / children,
            (parent.Deadline - now) * PartOfTime);
    }

    /// <summary>An agent's limits, narrowed by this and by its parent's.</summary>
    public RunLimits Narrow(RunLimits own, RunLimits parent) => own with
    {
        MaxTokens = Tokens is { } tokens ? own.MaxTokens == 0 ? tokens : Math.Min(own.MaxTokens, tokens) : own.MaxTokens,
        MaxCostUsd = CostUsd is { } cost ? own.MaxCostUsd == 0 ? cost : Math.Min(own.MaxCostUsd, cost) : own.MaxCostUsd,
        TimeoutSeconds = Math.Min(own.TimeoutSeconds, Time.TotalSeconds),
        MaxDepth = Math.Min(own.MaxDepth, parent.MaxDepth - 1),
        IdleTimeoutSeconds = parent.IdleTimeoutSeconds == 0 ? own.IdleTimeoutSeconds
            : own.IdleTimeoutSeconds == 0 ? parent.IdleTimeoutSeconds
            : Math.Min(own.IdleTimeoutSeconds, parent.IdleTimeoutSeconds),
    };
}
