using System.Text.Json;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>What is written when a run ends, waits or is handed back.</summary>
internal static class Ends
{
    /// <param name="end">The decision.</param>
    /// <param name="partial">What the answer under way has said; null when nothing.</param>
    public static (EntryPayload Payload, Transition Transition) Of(Decision end, string? partial) => end switch
    {
        Finish finish => (new RunCompleted(StoredText.Clean(finish.Output)), Transition.Complete),
        Fail fail => (new RunFailed(fail.Reason, fail.Message, fail.Hint), Transition.Fail),
        Stop stop => (new RunCancelled(stop.Reason, stop.Principal) { Partial = partial }, Transition.Cancel),
        _ => throw new ArgumentOutOfRangeException(nameof(end), end, "Not an end."),
    };

    public static Append Append(HeldRun held, long nextSeq, IReadOnlyList<Entry> entries, Transition transition, DateTimeOffset now)
    {
        var end = entries.Count == 0 ? null : entries[^1].Payload;
        return new Append(held.Run, nextSeq, entries, transition)
        {
            At = now,
            Abandoned = transition is Transition.Complete or Transition.Fail or Transition.Cancel && held.State.HasOpenChildren
                ? [.. held.State.Children.Where(c => c.Ended is null).Select(c => c.Started.Child)]
                : [],
            SignalSeq = held.State.SignalSeq,
            Waiting = transition == Transition.Wait ? JsonSerializer.Serialize(Questions.Open(held.State), RunJsonContext.Default.IReadOnlyListStoredQuestion) : null,
            WithdrawsItems = transition is Transition.Complete or Transition.Fail or Transition.Cancel && held.State.OpenCalls.Any(c => c.IsAsked),
            Output = (end as RunCompleted)?.Output,
            Partial = (end as RunCancelled)?.Partial,
            ContextAt = held.State.ContextAt,
            Error = ErrorOf(end) is { } error ? StoredText.CleanJson(JsonSerializer.Serialize(error, RunJsonContext.Default.StoredError)) : null,
            IsTainted = held.State.IsTainted || entries.Any(e => e.Payload is CallReturned { Untrusted: true } or ChildEnded { Tainted: true }),
            ToolCalls = end is RunCompleted && held.Run.SessionId is not null ? ToolCalls(held.State) : null,
        };
    }

    /// <summary>The end of a run whose last entries PostgreSQL refuses to store.</summary>
    public static Entry Unstorable(HeldRun held, long seq, DateTimeOffset now) => new(
        seq,
        held.State.Step,
        0,
        0,
        new RunFailed(
            "unstorable",
            "The database refused what the last step of the run brought.",
            "The server's log has the database's message. 'minion run retry' makes the step again."),
        now,
        now);

    private static StoredError? ErrorOf(EntryPayload? end) => end switch
    {
        RunFailed failed => new StoredError(failed.Reason, failed.Message, failed.Hint),
        RunCancelled cancelled => new StoredError("cancelled", cancelled.Reason.Length > 0 ? cancelled.Reason : "The run was cancelled.", ""),
        _ => null,
    };

    private static string? ToolCalls(RunState state)
    {
        IReadOnlyList<StoredToolCall> calls =
        [
            .. state.Turns.SelectMany(t => t.Calls).Where(c => c.Outcome is not null).Select(c => new StoredToolCall(
                c.Request.Tool,
                c.Arguments,
                c.Outcome!.Result ?? c.Outcome.Failure?.Message ?? "",
                c.Outcome.Failure is not null)),
        ];
        return calls.Count == 0 ? null : StoredText.CleanJson(JsonSerializer.Serialize(calls, RunJsonContext.Default.IReadOnlyListStoredToolCall));
    }
}
