namespace Minion.Orchestration.Runs.Journal;

/// <summary>One tool call that a model asked for, as far as the journal tells.</summary>
/// <param name="step">The step of the call: the one after the model's answer.</param>
/// <param name="request">What the model asked for.</param>
public sealed class CallState(int step, RequestedCall request)
{
    /// <summary>The step of the call: the one after the model's answer.</summary>
    public int Step { get; } = step;

    /// <summary>What the model asked for.</summary>
    public RequestedCall Request { get; } = request;

    /// <summary>The newest intent; null when none was needed or none was written yet.</summary>
    internal CallIntended? Intent { get; set; }

    /// <summary>Intents and failed attempts so far.</summary>
    internal int Attempts { get; set; }

    /// <summary>The question that was put to a person about this call.</summary>
    internal QuestionAsked? Question { get; set; }

    /// <summary>The person's answer.</summary>
    internal SignalReceived? Answer { get; set; }

    /// <summary>What came of it; null while it is open.</summary>
    public CallReturned? Outcome { get; internal set; }

    /// <summary>The key that the tool gets, the same for every attempt: <c>run/step/call</c>.</summary>
    internal string Key(Guid runId) => $"{runId:N}/{Step}/{Request.Call}";
}
