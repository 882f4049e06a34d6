namespace Minion.Orchestration.Runs.Journal;

/// <summary>One tool call that a model asked for, as far as the journal tells.</summary>
/// <param name="step">The step of the call: the one after the model's answer.</param>
/// <param name="request">What the model asked for.</param>
public sealed class CallState(int step, RequestedCall request)
{
    private string? _key;

    /// <summary>The step of the call: the one after the model's answer.</summary>
    public int Step { get; } = step;

    /// <summary>What the model asked for.</summary>
    public RequestedCall Request { get; } = request;

    /// <summary>The newest intent; null when none was needed or none was written yet.</summary>
    internal CallIntended? Intent { get; private set; }

    /// <summary>What the call needs before it can go on; null when it was never asked for, or as long as nothing is known of it.</summary>
    internal InputState? Input { get; private set; }

    /// <summary>How often it has needed something.</summary>
    internal int InputRounds { get; private set; }

    /// <summary>What must be said now; null when nothing stands in the way.</summary>
    internal NeededInput? Needs => Intent is null ? Input?.Next : null;

    /// <summary>Intents and failed attempts so far.</summary>
    internal int Attempts { get; set; }

    /// <summary>The question that was put to a person about this call.</summary>
    internal QuestionAsked? Question { get; private set; }

    internal DateTimeOffset AskedAt { get; private set; }

    /// <summary>When its time is over; null for never.</summary>
    internal DateTimeOffset? DueAt { get; private set; }

    /// <summary>Whether a second person is asked, because the first did not answer in time.</summary>
    internal bool IsEscalated { get; private set; }

    /// <summary>The person's answer.</summary>
    internal SignalReceived? Answer { get; private set; }

    /// <summary>What time decided, because nobody answered.</summary>
    internal QuestionExpired? Expired { get; private set; }

    /// <summary>Whether a question is open.</summary>
    internal bool IsAsked => Question is not null && Answer is null && Expired is null;

    /// <summary>Whether a person, or time, has allowed the call.</summary>
    internal bool IsApproved { get; private set; }

    /// <summary>The arguments that a person has put in the place of the model's.</summary>
    internal string? Edited { get; private set; }

    /// <summary>The arguments that the call is made with.</summary>
    public string Arguments => Edited ?? Request.Arguments;

    /// <summary>The child run that carries the call out; null for a call of a tool.</summary>
    internal ChildState? Child { get; set; }

    /// <summary>What came of it; null while it is open.</summary>
    public CallReturned? Outcome { get; internal set; }

    /// <summary>The key that the tool gets, the same for every attempt: <c>run/step/call</c>.</summary>
    internal string Key(Guid runId) => _key ?? $"{runId:N}/{Step}/{Request.Call}";

    /// <summary>A call is about to be made. What was answered of the earlier one is used up: this is a new uncertainty.</summary>
    internal void Intend(CallIntended intent, int attempt)
    {
        Intent = intent;
        _key = intent.Key;
        Attempts = attempt;
        Forget();
    }

    /// <summary>The call has changed nothing, and needs something said first.</summary>
    internal void Need(InputAsked asked)
    {
        Intent = null;
        Input = new InputState(asked);
        InputRounds++;
        Forget();
    }

    internal void Ask(QuestionAsked question, DateTimeOffset at)
    {
        Forget();
        Question = question;
        AskedAt = at;
        DueAt = question.DueAt;
    }

    /// <summary>Takes a person's answer; one that comes after time has decided changes nothing.</summary>
    internal void Take(SignalReceived answer)
    {
        if (!IsAsked)
        {
            return;
        }

        if (Needed is { } need)
        {
            Input!.Give(InputState.Of(need, answer));
            Edited = need.Approval is null ? Edited : answer.Arguments ?? Edited;
            Forget();
            return;
        }

        Answer = answer;
        if (Question!.Asks == QuestionAsked.Approval && answer.Choice == ApprovalTerms.Approve)
        {
            IsApproved = true;
            Edited = answer.Arguments;
        }
    }

    internal void Take(QuestionExpired expired)
    {
        if (!IsAsked)
        {
            return;
        }

        if (expired.Outcome == ApprovalTerms.Escalate)
        {
            IsEscalated = true;
            DueAt = expired.DueAt;
            return;
        }

        if (Needed is { } need)
        {
            Input!.Give(InputState.Of(need, expired));
            Forget();
            return;
        }

        Expired = expired;
        IsApproved |= Question!.Asks == QuestionAsked.Approval && expired.Outcome == ApprovalTerms.Approve;
    }

    /// <summary>What the open question is about; null when the run itself asks it.</summary>
    private NeededInput? Needed => Question?.Request is { } id ? Input?.Asked.Needs.FirstOrDefault(n => n.Id == id) : null;

    /// <summary>What was asked is of the past, answered or not.</summary>
    internal void Forget()
    {
        Question = null;
        Answer = null;
        Expired = null;
        DueAt = null;
        IsEscalated = false;
    }
}
