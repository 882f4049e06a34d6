namespace Minion.Orchestration.Runs.Journal;

/// <summary>How a run ended, or that it has not.</summary>
internal enum RunEnd
{
    None,
    Completed,
    Failed,
    Cancelled,
}

/// <summary>
/// The fold of a run's journal: everything that a behaviour may look at. Has no clock: <see cref="Now"/> is the time of the last entry.
/// </summary>
internal sealed class RunState(Guid runId, RunLimits limits, DateTimeOffset acceptedAt, string input = "", string options = "{}")
{
    private readonly List<Turn> _turns = [];
    private readonly List<ChildState> _children = [];

    public Guid RunId { get; } = runId;

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

    public Usage Usage { get; private set; }

    public ContextRecorded? Context { get; private set; }

    /// <summary>The model's answers with the calls that each led to, oldest first.</summary>
    public IReadOnlyList<Turn> Turns => _turns;

    public Turn? LastTurn => _turns.Count == 0 ? null : _turns[^1];

    /// <summary>Calls of the last answer that have no outcome.</summary>
    public IEnumerable<CallState> OpenCalls => LastTurn?.Calls.Where(c => c.Outcome is null) ?? [];

    /// <summary>The child runs, in the order in which they were started.</summary>
    public IReadOnlyList<ChildState> Children => _children;

    /// <summary>The number of the last signal that was folded in.</summary>
    public long SignalSeq { get; private set; }

    /// <summary>The cancel that has been received; null when there is none.</summary>
    public SignalReceived? Cancel { get; private set; }

    public RunEnd End { get; private set; }

    /// <summary>Steps begun since acceptance or the last retry: what the limit of steps counts.</summary>
    public int CountedSteps => Step - _stepsBeforeRetry;

    private int _stepsBeforeRetry;

    /// <summary>Folds one entry in. Entries come in order of their sequence numbers, each once.</summary>
    public void Apply(Entry entry)
    {
        LastSeq = entry.Seq;
        Now = entry.EndedAt;
        Usage += entry.Usage;
        Step = Math.Max(Step, entry.Step);
        switch (entry.Payload)
        {
            case ContextRecorded context:
                Context = context;
                break;
            case ModelAnswered answer:
                _turns.Add(new Turn(answer, [.. answer.Calls.Select(c => new CallState(entry.Step + 1, c))]));
                break;
            case CallIntended intent when Find(entry) is { } call:
                // A new intent is a new uncertainty: what was answered of the earlier one is used up.
                call.Intent = intent;
                call.Attempts = entry.Attempt;
                call.Question = null;
                call.Answer = null;
                break;
            case CallReturned outcome when Find(entry) is { } call:
                call.Outcome = outcome;
                break;
            case AttemptFailed when Find(entry) is { } call:
                call.Attempts = Math.Max(call.Attempts, entry.Attempt);
                break;
            case QuestionAsked question when Find(entry) is { } call:
                call.Question = question;
                call.Answer = null;
                break;
            case SignalReceived signal:
                Apply(signal);
                break;
            case ChildStarted child:
                _children.Add(new ChildState(entry.Step, entry.Call, child));
                break;
            case ChildEnded ended when _children.Find(c => c.Started.Child == ended.Child) is { } child:
                child.Ended = ended;
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
                _stepsBeforeRetry = Step;
                break;
            case SignalReceived.Answer when LastTurn?.Calls.FirstOrDefault(c => c.Question?.Id == signal.QuestionId) is { } call:
                call.Answer = signal;
                break;
        }
    }

    private CallState? Find(Entry entry) => LastTurn?.Calls.FirstOrDefault(c => c.Step == entry.Step && c.Request.Call == entry.Call);
}

/// <summary>One answer of the model and the calls that it led to.</summary>
internal sealed record Turn(ModelAnswered Answer, IReadOnlyList<CallState> Calls);
