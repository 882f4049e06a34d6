namespace Minion.Orchestration.Runs.Journal;

/// <summary>What an entry says: a closed set. Stored as JSON with a schema version, under <see cref="Kind"/>.</summary>
internal abstract record EntryPayload
{
    /// <summary>The name under which it is stored and watched.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether it ends its call; a call has at most one outcome.</summary>
    public virtual bool IsOutcome => false;

    /// <summary>What it is about, for people who read the table: the tool or the model.</summary>
    public virtual string? Name => null;
}

/// <summary>What the run works with, recorded before it is used.</summary>
internal sealed record ContextRecorded(long FirstMessage, long LastMessage, string ToolsHash) : EntryPayload
{
    /// <summary>Messages before <see cref="FirstMessage"/> that are pinned, in order; null for none.</summary>
    public IReadOnlyList<long>? Pinned { get; init; }

    /// <summary>The session's summary that stands for messages up to <see cref="SummaryThrough"/>; 0 for none.</summary>
    public int SummaryId { get; init; }

    public long SummaryThrough { get; init; }

    /// <summary>What is summarised before the first answer, a range for each call; null for nothing.</summary>
    public IReadOnlyList<MessageRange>? Summarise { get; init; }

    /// <summary>Tokens that history and input may take; 0 when nobody has counted.</summary>
    public long BudgetTokens { get; init; }

    /// <summary>Tokens that they would have taken in full.</summary>
    public long HistoryTokens { get; init; }

    public override string Kind => "context";
}

/// <summary>Messages of a session, both inclusive.</summary>
internal sealed record MessageRange(long First, long Last);

/// <summary>A call that a model asked for. <see cref="Arguments"/> is as the model wrote it.</summary>
internal sealed record RequestedCall(int Call, string Id, string Tool, string Arguments)
{
    /// <summary>Set when a person is asked before it is made.</summary>
    public ApprovalTerms? Approval { get; init; }
}

/// <summary>A model answered.</summary>
internal sealed record ModelAnswered(
    string Text,
    IReadOnlyList<RequestedCall> Calls,
    string FinishReason,
    string Model,
    string Provider,
    string PromptHash,
    string? Reasoning) : EntryPayload
{
    /// <summary>Why this model answered; null when there was nothing to choose.</summary>
    public RouteTaken? Route { get; init; }

    /// <summary>What its behaviour asked for, when that was not the next turn: for example <c>plan</c>.</summary>
    public string? Purpose { get; init; }

    public override string Kind => "model";

    public override bool IsOutcome => true;

    public override string? Name => Model;
}

/// <summary>A call that changes something is about to be made. <see cref="Repeatable"/>: the tool takes the key as idempotency key.</summary>
internal sealed record CallIntended(string Tool, string Arguments, string Key, bool Repeatable) : EntryPayload
{
    public override string Kind => "intent";

    public override string? Name => Tool;
}

/// <summary>Why a call failed, in words that the model can act on.</summary>
internal sealed record CallFailure(string Kind, string Message, string Hint);

/// <summary>A tool call ended: <see cref="Result"/> (JSON) or <see cref="Failure"/>.</summary>
internal sealed record CallReturned(string Tool, string? Result, CallFailure? Failure, string DecidedBy = CallReturned.ByTool) : EntryPayload
{
    public const string ByTool = "tool";
    public const string ByPerson = "person";
    public const string ByTimeout = "timeout";

    public override string Kind => "tool";

    public override bool IsOutcome => true;

    public override string? Name => Tool;
}

/// <summary>An attempt failed and is made again.</summary>
internal sealed record AttemptFailed(string Failure, string Message) : EntryPayload
{
    public override string Kind => "attempt_failed";
}

/// <summary>A person is asked about a call: whether it may be made, what became of it, or what it asks itself.</summary>
internal sealed record QuestionAsked(string Id, string Text, IReadOnlyList<string> Choices, string Tool, string Arguments) : EntryPayload
{
    public const string Approval = "approval";
    public const string Question = "question";
    public const string Uncertain = "uncertain";

    /// <summary>What for; null for <see cref="Uncertain"/>.</summary>
    public string? Asks { get; init; }

    /// <summary>Its id in the inbox; null in journals from before there was one.</summary>
    public Guid? Item { get; init; }

    public string? Assignee { get; init; }

    /// <summary>When <see cref="OnTimeout"/> decides; null for never.</summary>
    public DateTimeOffset? DueAt { get; init; }

    public string? OnTimeout { get; init; }

    public string? EscalateTo { get; init; }

    public override string Kind => "question";

    public override string? Name => Tool;
}

/// <summary>A signal was folded in. <see cref="SignalSeq"/> numbers signals within the run.</summary>
internal sealed record SignalReceived(
    long SignalSeq,
    string Id,
    string Signal,
    string? QuestionId,
    string? Choice,
    string? Text,
    string Principal) : EntryPayload
{
    public const string Answer = "answer";
    public const string Cancel = "cancel";
    public const string Retry = "retry";

    /// <summary>The arguments that an approved call is made with instead; null when they are as they were.</summary>
    public string? Arguments { get; init; }

    public override string Kind => "signal";

    public override string? Name => Signal;
}

/// <summary>A child run was started. Its id is made of the parent's, the step and the call, so that a repeated start is the same child.</summary>
/// <param name="Child">The child's id.</param>
/// <param name="Agent">The agent that executes it.</param>
/// <param name="Label">What the behaviour calls it; unique among the children that it starts at once.</param>
/// <param name="Input">What it is asked to do.</param>
internal sealed record ChildStarted(Guid Child, string Agent, string Label, string Input) : EntryPayload
{
    public override string Kind => "child_started";

    public override string? Name => Agent;
}

/// <summary>A child run ended, or could not be started: <see cref="Output"/> or <see cref="Failure"/>. Its usage is the entry's.</summary>
internal sealed record ChildEnded(Guid Child, string Agent, string Label, string Status, string? Output, CallFailure? Failure) : EntryPayload
{
    public const string Completed = "completed";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";

    public override string Kind => "child";

    public override bool IsOutcome => true;

    public override string? Name => Agent;
}

/// <summary>A time has come that the run waited for.</summary>
internal sealed record TimeReached : EntryPayload
{
    public override string Kind => "time";
}

/// <summary>
/// Nobody answered a question in time. <see cref="Outcome"/> is one of the actions of <see cref="ApprovalTerms"/>; escalated, it is
/// <see cref="Assignee"/>'s until <see cref="DueAt"/>.
/// </summary>
internal sealed record QuestionExpired(string Id, string Outcome, string? Assignee, DateTimeOffset? DueAt) : EntryPayload
{
    public override string Kind => "expired";

    public override string? Name => Outcome;
}

/// <summary>The run ended with an answer.</summary>
internal sealed record RunCompleted(string Output) : EntryPayload
{
    public override string Kind => "completed";
}

/// <summary>The run ended without one.</summary>
internal sealed record RunFailed(string Reason, string Message, string Hint) : EntryPayload
{
    public override string Kind => "failed";

    public override string? Name => Reason;
}

/// <summary>The run was stopped.</summary>
internal sealed record RunCancelled(string Reason, string Principal) : EntryPayload
{
    /// <summary>What the answer under way had said so far; null when nothing.</summary>
    public string? Partial { get; init; }

    public override string Kind => "cancelled";
}
