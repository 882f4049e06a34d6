namespace Minion.Orchestration.Runs.Journal;

/// <summary>How a run ended, or that it has not.</summary>
public enum RunEnd
{
    /// <summary>It has not ended.</summary>
    None,

    /// <summary>With an answer.</summary>
    Completed,

    /// <summary>Without one.</summary>
    Failed,

    /// <summary>Because somebody asked for it.</summary>
    Cancelled,
}

/// <summary>
/// The fold of a run's journal: everything that a behaviour may look at. Has no clock: <see cref="Now"/> is the time of the last entry.
/// </summary>
/// <param name="runId">The run.</param>
/// <param name="limits">What it may use.</param>
/// <param name="acceptedAt">When it was accepted.</param>
/// <param name="input">What it is asked to do.</param>
/// <param name="options">The options of its behaviour: a JSON object.</param>
public sealed class RunState(Guid runId, RunLimits limits, DateTimeOffset acceptedAt, string input = "", string options = "{}")
{
    private readonly List<Turn> _turns = [];
    private readonly List<ChildState> _children = [];
    private readonly Dictionary<Guid, ChildState> _childrenById = [];
    private int _summaries;
    private object? _options;

    /// <summary>The run.</summary>
    public Guid RunId { get; } = runId;

    /// <summary>What it may use.</summary>
    public RunLimits Limits { get; } = limits;

    /// <summary>What the run is asked to do.</summary>
    public string Input { get; } = input;

    /// <summary>The options of its behaviour: a JSON object.</summary>
    public string Options { get; } = options;

    /// <summary>The sequence number of the last entry; 0 when there is none.</summary>
    public long LastSeq { get; private set; }

    /// <summary>The last step that has begun; steps count from 1.</summary>
    public int Step { get; private set; }

    /// <summary>The time of the last entry, or of acceptance.</summary>
    public DateTimeOffset Now { get; private set; } = acceptedAt;

    /// <summary>What it has used so far, its children included.</summary>
    public Usage Usage { get; private set; }

    /// <summary>Whether something that it has read came from where anybody may write.</summary>
    public bool IsTainted { get; internal set; }

    internal ContextRecorded? Context { get; private set; }

    /// <summary>When <see cref="Context"/> was recorded.</summary>
    internal DateTimeOffset ContextAt { get; private set; }

    /// <summary>The messages that are to be summarised now; null for none.</summary>
    internal MessageRange? NextToSummarise => Context?.Summarise is { } ranges && _summaries < ranges.Count ? ranges[_summaries] : null;

    /// <summary>The last message that a summary of this run stands for; null when it has made none.</summary>
    internal long? SummarisedThrough { get; private set; }

    /// <summary>The newest summary that this run has made; null for none.</summary>
    internal string? HistorySummary { get; private set; }

    /// <summary>The model's answers with the calls that each led to, oldest first.</summary>
    public IReadOnlyList<Turn> Turns => _turns;

    /// <summary>The newest of <see cref="Turns"/>; null when there is none.</summary>
    public Turn? LastTurn => _turns.Count == 0 ? null : _turns[^1];

    /// <summary>Calls of the last answer that have no outcome.</summary>
    public IEnumerable<CallState> OpenCalls => LastTurn?.Calls.Where(c => c.Outcome is null) ?? [];

    /// <summary>The child runs, in the order in which they were started.</summary>
    public IReadOnlyList<ChildState> Children => _children;

    /// <summary>Whether a child is under way.</summary>
    public bool HasOpenChildren => _children.Exists(c => c.Ended is null);

    /// <summary>The number of the last signal that was folded in.</summary>
    internal long SignalSeq { get; private set; }

    /// <summary>The cancel that has been received; null when there is none.</summary>
    internal SignalReceived? Cancel { get; private set; }

    /// <summary>How the run ended; a retry makes it <see cref="RunEnd.None"/> again.</summary>
    public RunEnd End { get; private set; }

    /// <summary>Steps begun since acceptance or the last retry: what the limit of steps counts.</summary>
    public int CountedSteps => Step - RetriedAfterStep;

    /// <summary>Times that the run has waited for since its last step began.</summary>
    internal int IdleWaits { get; private set; }

    /// <summary>The last step before the newest retry, 0 when there was none: what failed up to it is to be tried again.</summary>
    public int RetriedAfterStep { get; private set; }

    /// <summary>The options as <paramref name="parse"/> reads them; read once, however often it is asked.</summary>
    public T OptionsAs<T>(Func<string, T> parse)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(parse);
        if (_options is not T known)
        {
            _options = known = parse(Options);
        }

        return known;
    }

    /// <summary>Folds one entry in. Entries come in order of their sequence numbers, each once.</summary>
    public void Apply(Entry entry)
    {
        LastSeq = entry.Seq;
        Now = entry.EndedAt;
        Usage += entry.Usage;
        if (entry.Step > Step)
        {
            Step = entry.Step;
            IdleWaits = 0;
        }

        switch (entry.Payload)
        {
            case ContextRecorded context:
                Context = context;
                ContextAt = entry.EndedAt;
                IsTainted |= context.Tainted;
                break;
            case ModelAnswered { Summarised: { } range } summary:
                _summaries++;
                SummarisedThrough = range.Last;
                HistorySummary = string.IsNullOrWhiteSpace(summary.Text) ? HistorySummary : summary.Text;
                break;
            case ModelAnswered answer:
                _turns.Add(new Turn(answer, [.. answer.Calls.Select(c => new CallState(entry.Step + 1, c))]) { Step = entry.Step });
                break;
            case CallIntended intent when Find(entry) is { } call:
                call.Intend(intent, entry.Attempt);
                break;
            case CallReturned outcome when Find(entry) is { } call:
                call.Outcome = outcome;
                IsTainted |= outcome.Untrusted;
                break;
            case InputAsked asked when Find(entry) is { } call:
                call.Need(asked);
                break;
            case ModelHelped helped when Find(entry) is { } call:
                call.Input?.Give(new GivenInput(helped.Request) { Model = helped });
                break;
            case AttemptFailed when Find(entry) is { } call:
                call.Attempts = Math.Max(call.Attempts, entry.Attempt);
                break;
            case QuestionAsked question when Find(entry) is { } call:
                call.Ask(question, entry.EndedAt);
                break;
            case QuestionExpired expired when FindAsked(expired.Id) is { } call:
                call.Take(expired);
                break;
            case SignalReceived signal:
                Apply(signal);
                break;
            case ChildStarted started:
                Add(new ChildState(entry.Step, entry.Call, started, entry.EndedAt));
                break;
            case ChildEnded ended:
                Apply(entry, ended);
                break;
            case TimeReached:
                IdleWaits++;
                break;
            case RunCompleted:
                End = RunEnd.Completed;
                break;
            case RunFailed:
                End = RunEnd.Failed;
                break;
            case RunCancelled:
                End = RunEnd.Cancelled;
                break;
        }
    }

    private void Apply(SignalReceived signal)
    {
        SignalSeq = Math.Max(SignalSeq, signal.SignalSeq);
        switch (signal.Signal)
        {
            case SignalReceived.Cancel:
                Cancel ??= signal;
                break;
            case SignalReceived.Retry:
                End = RunEnd.None;
                RetriedAfterStep = Step;
                foreach (var call in OpenCalls.Where(c => c.IsAsked))
                {
                    // It was withdrawn when the run ended.
                    call.Forget();
                }

                break;
            case SignalReceived.Answer when FindAsked(signal.QuestionId) is { } call:
                call.Take(signal);
                break;
        }
    }

    private CallState? FindAsked(string? question) => LastTurn?.Calls.FirstOrDefault(c => c.Question?.Id == question && question is not null);

    /// <summary>The child of that id; null when this run has not started it.</summary>
    public ChildState? FindChild(Guid id) => _childrenById.GetValueOrDefault(id);

    private void Add(ChildState child)
    {
        _children.Add(child);
        _childrenById[child.Started.Child] = child;
        if (FindCall(child.Step, child.Call) is { } call)
        {
            call.Child = child;
        }
    }

    private void Apply(Entry entry, ChildEnded ended)
    {
        SignalSeq = Math.Max(SignalSeq, ended.SignalSeq);
        IsTainted |= ended.Tainted;
        if (FindChild(ended.Child) is not { } child)
        {
            // It could not be started.
            child = new ChildState(entry.Step, entry.Call, new ChildStarted(ended.Child, ended.Agent, ended.Label, Input: ""), entry.EndedAt);
            Add(child);
        }

        child.Ended = ended;
        child.EndedAt = entry.EndedAt;
        if (FindCall(child.Step, child.Call) is { } call)
        {
            call.Outcome = ChildOutcome.Of(call.Request.Tool, ended);
        }
    }

    private CallState? FindCall(int step, int call) => LastTurn?.Calls.FirstOrDefault(c => c.Step == step && c.Request.Call == call);

    private CallState? Find(Entry entry) => FindCall(entry.Step, entry.Call);
}

/// <summary>One answer of the model and the calls that it led to.</summary>
/// <param name="Answer">What the model answered.</param>
/// <param name="Calls">The calls that it asked for.</param>
public sealed record Turn(ModelAnswered Answer, IReadOnlyList<CallState> Calls)
{
    /// <summary>The step of the answer; its calls are the next.</summary>
    public int Step { get; init; }
}
