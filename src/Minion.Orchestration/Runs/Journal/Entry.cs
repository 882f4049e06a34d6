namespace Minion.Orchestration.Runs.Journal;

/// <summary>Tokens, calls and USD that an entry, or a whole run, has used.</summary>
internal readonly record struct Usage(long InputTokens, long OutputTokens, int ModelCalls, int ToolCalls, decimal CostUsd = 0)
{
    public static Usage operator +(Usage a, Usage b) =>
        new(a.InputTokens + b.InputTokens, a.OutputTokens + b.OutputTokens, a.ModelCalls + b.ModelCalls, a.ToolCalls + b.ToolCalls,
            a.CostUsd + b.CostUsd);
}

/// <summary>
/// One entry of a run's journal: what happened, never the state. <see cref="Seq"/> counts from 1 and is given when the entry is appended.
/// </summary>
internal sealed record Entry(
    long Seq,
    int Step,
    int Call,
    int Attempt,
    EntryPayload Payload,
    DateTimeOffset StartedAt,
    DateTimeOffset EndedAt,
    Usage Usage = default,
    string? TraceId = null);
