using Minion.Orchestration.Runs.Journal.LongTexts;

namespace Minion.Orchestration.Runs.Journal;

/// <summary>Tokens, calls and USD that an entry, or a whole run, has used.</summary>
/// <param name="InputTokens">Tokens of prompts.</param>
/// <param name="OutputTokens">Tokens of answers.</param>
/// <param name="ModelCalls">Calls of models.</param>
/// <param name="ToolCalls">Calls of tools.</param>
/// <param name="CostUsd">What they cost, in USD.</param>
public readonly record struct Usage(long InputTokens, long OutputTokens, int ModelCalls, int ToolCalls, decimal CostUsd = 0)
{
    /// <summary>Both together.</summary>
    public static Usage operator +(Usage a, Usage b) =>
        new(a.InputTokens + b.InputTokens, a.OutputTokens + b.OutputTokens, a.ModelCalls + b.ModelCalls, a.ToolCalls + b.ToolCalls,
            a.CostUsd + b.CostUsd);
}

/// <summary>
/// One entry of a run's journal: what happened, never the state. <see cref="Seq"/> counts from 1 and is given when the entry is appended.
/// </summary>
/// <param name="Seq">Its number in the journal, from 1.</param>
/// <param name="Step">The step that it belongs to; 0 for none.</param>
/// <param name="Call">The call of the step, from 0.</param>
/// <param name="Attempt">Which attempt of the call, from 1; 0 for what is not attempted.</param>
/// <param name="Payload">What happened.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Usage">What it used.</param>
/// <param name="TraceId">The trace that it happened in; null when there was none.</param>
public sealed record Entry(
    long Seq,
    int Step,
    int Call,
    int Attempt,
    EntryPayload Payload,
    DateTimeOffset StartedAt,
    DateTimeOffset EndedAt,
    Usage Usage = default,
    string? TraceId = null)
{
    /// <summary>Which of its texts are kept aside, when it was read.</summary>
    internal IReadOnlyList<LongTextReference> LongTexts { get; init; } = [];
}
