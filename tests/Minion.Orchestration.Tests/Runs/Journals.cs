using Minion.Orchestration.Runs;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Tests.Runs;

/// <summary>Writes journals for tables: each call is the next entry, a second later.</summary>
internal sealed class Journals
{
    public static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private readonly List<Entry> _entries = [];

    public Guid RunId { get; } = new("01890000-0000-7000-8000-000000000001");

    public RunLimits Limits { get; init; } = new(RunLimits.DefaultMaxSteps, 0, 900);

    public IReadOnlyList<Entry> Entries => _entries;

    public Journals Context() => Add(0, 0, 0, new ContextRecorded(0, 0, "hash"));

    public Journals Answer(int step, string text, params (string Tool, string Arguments)[] calls) =>
        Add(step, 0, 1, new ModelAnswered(
            text,
            [.. calls.Select((c, i) => new RequestedCall(i, $"call_{i}", c.Tool, c.Arguments))],
            calls.Length > 0 ? "tool_calls" : "stop",
            "scripted",
            "scripted",
            "hash",
            Reasoning: null), new Usage(10, 5, 1, 0));

    public Journals Intent(int step, int call, bool repeatable, int attempt = 1) =>
        Add(step, call, attempt, new CallIntended("notes_add", "{}", $"{RunId:N}/{step}/{call}", repeatable));

    public Journals Outcome(int step, int call, string result = "{}") => Add(step, call, 1, new CallReturned("notes_add", result, Failure: null), new Usage(0, 0, 0, 1));

    public Journals Question(int step, int call, int attempt = 1) =>
        Add(step, call, attempt, new QuestionAsked($"{step}.{call}.{attempt}", "?", ["done", "retry", "skip"], "notes_add", "{}"));

    public Journals Reply(int step, int call, string choice, string? text = null, int attempt = 1, long signal = 1) =>
        Add(0, 0, 0, new SignalReceived(signal, $"answer/{step}.{call}.{attempt}", SignalReceived.Answer, $"{step}.{call}.{attempt}", choice, text, "user:ada"));

    /// <summary>As <see cref="Answer"/>, with calls that need an approval.</summary>
    public Journals AnswerToApprove(int step, ApprovalTerms terms, params (string Tool, string Arguments)[] calls)
    {
        Answer(step, "", calls);
        var answered = (ModelAnswered)_entries[^1].Payload;
        _entries[^1] = _entries[^1] with { Payload = answered with { Calls = [.. answered.Calls.Select(c => c with { Approval = terms })] } };
        return this;
    }

    public Journals AskToApprove(int step, int call, DateTimeOffset? due = null, string? onTimeout = null, string? escalateTo = null) =>
        Add(step, call, 0, new QuestionAsked($"{step}.{call}.0", "May it?", ["approve", "deny"], "notes_add", "{}")
        {
            Asks = QuestionAsked.Approval,
            Item = Guid.Empty,
            DueAt = due,
            OnTimeout = onTimeout,
            EscalateTo = escalateTo,
        });

    public Journals Expire(int step, int call, string outcome, DateTimeOffset? due = null) =>
        Add(step, call, 0, new QuestionExpired($"{step}.{call}.0", outcome, due is null ? null : "lead", due));

    public Journals Cancel() => Add(0, 0, 0, new SignalReceived(1, "cancel", SignalReceived.Cancel, QuestionId: null, Choice: null, "enough", "user:ada"));

    public Journals Retry() => Add(0, 0, 0, new SignalReceived(1, "retry/9", SignalReceived.Retry, QuestionId: null, Choice: null, Text: null, "user:ada"));

    public Journals Failed(int step) => Add(step, 0, 0, new RunFailed("model_unavailable", "It broke.", "Mend it."));

    public Journals Add(int step, int call, int attempt, EntryPayload payload, Usage usage = default)
    {
        var at = Start.AddSeconds(_entries.Count + 1);
        _entries.Add(new Entry(_entries.Count + 1, step, call, attempt, payload, at, at, usage));
        return this;
    }

    public RunState Fold()
    {
        var state = new RunState(RunId, Limits, Start);
        _entries.ForEach(state.Apply);
        return state;
    }
}
