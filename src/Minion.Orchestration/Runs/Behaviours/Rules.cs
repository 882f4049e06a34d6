using System.Globalization;
using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Runs.Stages;

namespace Minion.Orchestration.Runs.Behaviours;

/// <summary>
/// What holds for every behaviour, in this order: a cancel ends the run; open calls are seen to; the behaviour decides, unless that would go
/// beyond the limits. As pure as the behaviours.
/// </summary>
internal static class Rules
{
    public const string ChoiceRetry = "retry";
    public const string ChoiceDone = "done";
    public const string ChoiceSkip = "skip";

    public static Decision Next(IBehaviour behaviour, RunState state) =>
        OnCancel(state)
        ?? OnOpenCalls(state)
        ?? OnConcludedCalls(state)
        ?? WithinLimits(state, StageList.Apply(state, Sound.Next(behaviour, state)));

    /// <summary>A limit ends a run that would begin another step; one that is done, or waits for what it has begun, may do so.</summary>
    private static Decision WithinLimits(RunState state, Decision decision) =>
        decision is CallModel or StartChildren && OnLimits(state) is { } limit ? limit : decision;

    private static Stop? OnCancel(RunState state) =>
        state.Cancel is { } cancel ? new Stop(cancel.Text ?? "", cancel.Principal) : null;

    private static Decision? OnOpenCalls(RunState state)
    {
        var open = state.OpenCalls.ToList();
        if (open.Count == 0)
        {
            return null;
        }

        foreach (var call in open)
        {
            if (Asking.Outcome(call) is { } outcome)
            {
                return new Settle(call, outcome);
            }
        }

        var due = open.FindAll(c => Asking.IsDue(c, state.Now));
        if (due.Count > 0)
        {
            return new Expire(due);
        }

        var unasked = open.FindAll(c => Asking.MustAskFirst(c, state));
        var callable = open.FindAll(c => IsCallable(c, state));
        if (unasked.Count + callable.Count > 0 && state.Step < open[0].Step && OnLimits(state) is { } limit)
        {
            return limit;
        }

        if (unasked.Count > 0)
        {
            return new Ask(unasked);
        }

        if (callable.Count > 0)
        {
            return EngineCalls.Decide(callable, state) ?? new CallTools(callable);
        }

        if (open.Find(c => c.Needs is { IsForPerson: false }) is { } helped)
        {
            return OnUsage(state) ?? (Decision)new HelpCall(helped);
        }

        var uncertain = open.FindAll(c => c is { Question: null, Child: null });
        var asked = open.FindAll(c => c.IsAsked);
        return uncertain.Count > 0 ? new Ask(uncertain) : new Wait([.. asked.Select(c => c.Question!)]) { Until = asked.Min(c => c.DueAt) };
    }

    /// <summary>What a call of the last answer means for the run, now that each of them has an outcome.</summary>
    private static Decision? OnConcludedCalls(RunState state) =>
        state.LastTurn?.Calls.Select(c => EngineCalls.Find(c, state)?.Conclude(c, state)).FirstOrDefault(d => d is not null);

    /// <summary>Whether a call may be made now: nothing stands in its way, and it is certain that it is not made twice.</summary>
    private static bool IsCallable(CallState call, RunState state) => call.Child is null && call.Needs is null && Asking.IsAllowed(call, state) && IsCertain(call);

    /// <summary>
    /// Whether a call may be made without asking what became of it. An intent without an outcome is what a crash leaves: the call may have been made. It
    /// is only made again when the tool takes a repeated key as the same call, or when a person has said so.
    /// </summary>
    private static bool IsCertain(CallState call) =>
#if BREAK_INTENTS
        true;
#else
        call.Intent is null or { Repeatable: true } || call.Answer?.Choice == ChoiceRetry;
#endif

    private static Fail? OnLimits(RunState state)
    {
        var limits = state.Limits;
        if (state.CountedSteps >= limits.MaxSteps)
        {
            return new Fail(
                "limit_exceeded",
                string.Create(CultureInfo.InvariantCulture, $"The run has used its {limits.MaxSteps} steps (max_steps) and has no answer yet."),
                "Raise limits.max_steps of the agent, or ask for less at once. 'minion run retry' gives it as many again.");
        }

        return OnUsage(state);
    }

    private static Fail? OnUsage(RunState state)
    {
        var limits = state.Limits;
        var tokens = state.Usage.InputTokens + state.Usage.OutputTokens;
        if (limits.MaxTokens > 0 && tokens >= limits.MaxTokens)
        {
            return new Fail(
                "limit_exceeded",
                string.Create(CultureInfo.InvariantCulture, $"The run has used {tokens} tokens of {limits.MaxTokens} (max_tokens) and has no answer yet."),
                "Raise limits.max_tokens of the agent, or ask for less at once.");
        }

        if (limits.MaxCostUsd > 0 && state.Usage.CostUsd >= limits.MaxCostUsd)
        {
            return new Fail(
                "limit_exceeded",
                string.Create(CultureInfo.InvariantCulture, $"The run has cost {state.Usage.CostUsd:0.00####} USD of {limits.MaxCostUsd:0.00####} (max_cost_usd) and has no answer yet."),
                "Raise limits.max_cost_usd of the agent, or ask for less at once.");
        }

        return null;
    }
}
