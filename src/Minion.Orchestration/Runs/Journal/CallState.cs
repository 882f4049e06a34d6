namespace Minion.Orchestration.Runs.Journal;

/// <summary>One tool call that a model asked for, as far as the journal tells.</summary>
internal sealed class CallState(int step, RequestedCall request)
{
    /// <summary>The step of the call: the one after the model's answer.</summary>
    public int Step { get; } = step;

    public RequestedCall Request { get; } = request;

    /// <summary>The newest intent; null when none was needed or none was written yet.</summary>
    public CallIntended? Intent { get; set; }

    /// <summary>Intents and failed attempts so far.</summary>
    public int Attempts { get; set; }

    /// <summary>The question that was put to a person about this call.</summary>
    public QuestionAsked? Question { get; set; }

    /// <summary>The person's answer.</summary>
    public SignalReceived? Answer { get; set; }

    public CallReturned? Outcome { get; set; }

    /// <summary>The key that the tool gets, the same for every attempt: <c>run/step/call</c>.</summary>
    public string Key(Guid runId) => $"{runId:N}/{Step}/{Request.Call}";
}
