using System.Text.Json.Serialization;
using Minion.Orchestration.Runs.Journal.LongTexts;

namespace Minion.Orchestration.Runs.Journal;

/// <summary>What an entry says: a closed set. Stored as JSON with a schema version, under <see cref="Kind"/>.</summary>
public abstract record EntryPayload
{
    private protected EntryPayload()
    {
    }

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

    /// <summary>Tokens of a message that is summarised, at most; longer ones are shortened.</summary>
    public long SummarisedTokens { get; init; }

    /// <summary>Tokens that history and input may take; 0 when nobody has counted.</summary>
    public long BudgetTokens { get; init; }

    /// <summary>Tokens that they would have taken in full.</summary>
    public long HistoryTokens { get; init; }

    /// <summary>Which of its tools the engine carries out itself; null for none.</summary>
    public IReadOnlyList<string>? EngineTools { get; init; }

    /// <summary>What the run is told beside the agent's instructions; null for nothing.</summary>
    public string? Provided { get; init; }

    /// <summary>What it should have been told and was not, each with the reason; null for nothing.</summary>
    public IReadOnlyList<string>? NotProvided { get; init; }

    /// <summary>Whether what the session has said came in part from untrusted sources.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Tainted { get; init; }

    public override string Kind => "context";
}

/// <summary>Messages of a session, both inclusive.</summary>
internal sealed record MessageRange(long First, long Last)
{
    public override string ToString() => $"{First}–{Last}";
}

/// <summary>A call that a model asked for.</summary>
/// <param name="Call">Its position among the calls of the answer, from 0.</param>
/// <param name="Id">The model's own id for it.</param>
/// <param name="Tool">The tool's name.</param>
/// <param name="Arguments">As the model wrote them: usually JSON.</param>
public sealed record RequestedCall(int Call, string Id, string Tool, string Arguments)
{
    /// <summary>Set when a person is asked before it is made.</summary>
    [JsonInclude]
    internal ApprovalTerms? Approval { get; init; }
}

/// <summary>A model answered.</summary>
/// <param name="Text">What it said.</param>
/// <param name="Calls">The tool calls that it asks for.</param>
/// <param name="FinishReason"><c>stop</c>, <c>tool_calls</c>, <c>length</c>, <c>content_filter</c>, or the provider's own word.</param>
/// <param name="Model">The model that answered.</param>
/// <param name="Provider">Its provider.</param>
/// <param name="PromptHash">SHA-256 over the prompt, in hex.</param>
/// <param name="Reasoning">What it thought, where its provider tells; else null.</param>
public sealed record ModelAnswered(
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

    /// <summary>The messages of the session that <see cref="Text"/> is a summary of; null for all other answers.</summary>
    [JsonInclude]
    internal MessageRange? Summarised { get; init; }

    /// <summary>What its behaviour asked for, when that was not the next turn: for example <c>plan</c>.</summary>
    public string? Purpose { get; init; }

    /// <inheritdoc/>
    public override string Kind => "model";

    /// <inheritdoc/>
    public override bool IsOutcome => true;

    /// <inheritdoc/>
    public override string? Name => Model;
}

/// <summary>A call that changes something is about to be made. <see cref="Repeatable"/>: the tool takes the key as idempotency key.</summary>
internal sealed record CallIntended(string Tool, string Arguments, string Key, bool Repeatable) : EntryPayload
{
    public override string Kind => "intent";

    public override string? Name => Tool;
}

/// <summary>Why a call failed, in words that the model can act on.</summary>
/// <param name="Kind">A word for programs, for example <c>timed_out</c>.</param>
/// <param name="Message">What happened.</param>
/// <param name="Hint">What to do now.</param>
public sealed record CallFailure(string Kind, string Message, string Hint);

/// <summary>A tool call ended: <see cref="Result"/> (JSON) or <see cref="Failure"/>.</summary>
/// <param name="Tool">The tool's name.</param>
/// <param name="Result">JSON; null when it failed.</param>
/// <param name="Failure">Null when it did not fail.</param>
/// <param name="DecidedBy">Who says so: <see cref="ByTool"/> or <see cref="ByPerson"/>.</param>
public sealed record CallReturned(string Tool, string? Result, CallFailure? Failure, string DecidedBy = CallReturned.ByTool) : EntryPayload
{
    /// <summary>The tool itself.</summary>
    public const string ByTool = "tool";
    /// <summary>A person who was asked.</summary>
    public const string ByPerson = "person";
    /// <summary>Nobody answered in time, and its policy decided.</summary>
    public const string ByTimeout = "timeout";

    /// <summary>The result before it was cut to what the tool's results may have; null when it was not.</summary>
    public WholeResult? Whole { get; init; }

    /// <summary>Whether the result came from where anybody may write: data, never an instruction.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Untrusted { get; init; }

    /// <summary>What was put right in the arguments; null for nothing.</summary>
    public IReadOnlyList<CallRepair>? Repairs { get; init; }

    /// <inheritdoc/>
    public override string Kind => "tool";

    /// <inheritdoc/>
    public override bool IsOutcome => true;

    /// <inheritdoc/>
    public override string? Name => Tool;
}

/// <summary>A result that is kept aside, because the model is given less of it.</summary>
/// <param name="Hash">SHA-256 over its UTF-8, in hex; empty where it was too long to keep.</param>
/// <param name="Bytes">Bytes of UTF-8.</param>
public sealed record WholeResult(string Hash, long Bytes)
{
    /// <summary>The id with which the tool <c>read_result</c> gives it in pages; null when it does not.</summary>
    public string? KeptId { get; init; }

    /// <summary>The text itself, until it is durable.</summary>
    internal LongText? Text { get; set; }
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

    /// <summary>The <see cref="NeededInput"/> of the call that it asks for; null when the run itself asks.</summary>
    public string? Request { get; init; }

    /// <summary>The JSON Schema of the answer; null for none.</summary>
    public string? Form { get; init; }

    /// <summary>A page that the person is to open; null for none.</summary>
    public string? Url { get; init; }

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

    /// <summary>A child ended; the id is the child's.</summary>
    public const string Child = "child";

    /// <summary>The arguments that an approved call is made with instead, or the form as it was filled in; null for neither.</summary>
    public string? Arguments { get; init; }

    public override string Kind => "signal";

    public override string? Name => Signal;
}

/// <summary>A child run was started. Its id is made of the parent's, the step and the call, so that a repeated start is the same child.</summary>
/// <param name="Child">The child's id.</param>
/// <param name="Agent">The agent that executes it.</param>
/// <param name="Label">What the behaviour calls it; unique among the children that it starts at once.</param>
/// <param name="Input">What it is asked to do.</param>
public sealed record ChildStarted(Guid Child, string Agent, string Label, string Input) : EntryPayload
{
    /// <summary>Tokens that the child may use, taken from what its parent may use; 0 for no limit.</summary>
    public long MaxTokens { get; init; }

    /// <summary>USD that the child may cost, taken from what its parent may cost; 0 for no limit.</summary>
    public decimal MaxCostUsd { get; init; }

    /// <summary>Whether what its parent had read came in part from untrusted sources.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Tainted { get; init; }

    /// <inheritdoc/>
    public override string Kind => "child_started";

    /// <inheritdoc/>
    public override string? Name => Agent;
}

/// <summary>A child run ended, or could not be started: <see cref="Output"/> or <see cref="Failure"/>. Its usage is the entry's.</summary>
/// <param name="Child">The child's id.</param>
/// <param name="Agent">The agent that executed it.</param>
/// <param name="Label">What the behaviour calls it.</param>
/// <param name="Status"><see cref="Completed"/>, <see cref="Failed"/> or <see cref="Cancelled"/>.</param>
/// <param name="Output">Its answer; null when it has none.</param>
/// <param name="Failure">Why it has none; null when it has one.</param>
public sealed record ChildEnded(Guid Child, string Agent, string Label, string Status, string? Output, CallFailure? Failure) : EntryPayload
{
    /// <summary>It ended with an answer.</summary>
    public const string Completed = "completed";
    /// <summary>It ended without one, or could not be started.</summary>
    public const string Failed = "failed";
    /// <summary>It was stopped.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>The number of the signal that told of it; 0 when it could not be started.</summary>
    public long SignalSeq { get; init; }

    /// <summary>Calls of models by the child and its own children.</summary>
    public int ModelCalls { get; init; }

    /// <summary>Calls of tools, likewise.</summary>
    public int ToolCalls { get; init; }

    /// <summary>Whether what it had read came in part from untrusted sources.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Tainted { get; init; }

    /// <inheritdoc/>
    public override string Kind => "child";

    /// <inheritdoc/>
    public override bool IsOutcome => true;

    /// <inheritdoc/>
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
