using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Behaviours;

/// <summary>
/// What a run does now: a closed set that the engine carries out. A behaviour answers one of <see cref="CallModel"/>,
/// <see cref="StartChildren"/>, <see cref="Wait"/>, <see cref="Finish"/> and <see cref="Fail"/>.
/// </summary>
public abstract record Decision
{
    private protected Decision()
    {
    }
}

/// <summary>Call the agent's model, with or without its tools.</summary>
/// <param name="Step">The step that the call is: <see cref="RunState.Step"/> + 1.</param>
/// <param name="WithTools">Whether the model is offered the agent's tools.</param>
public sealed record CallModel(int Step, bool WithTools) : Decision
{
    /// <summary>What the answer is for, recorded with it (at most 200 characters); null for the next turn of the conversation.</summary>
    public string? Purpose { get; init; }

    /// <summary>What the model is given after the agent's instructions; null for the conversation so far (turns without a purpose).</summary>
    public IReadOnlyList<PromptPart>? Prompt { get; init; }

    /// <summary>The messages of the session that are to be summarised; null for all other calls.</summary>
    internal MessageRange? Summarises { get; init; }
}

/// <summary>A part of a prompt that a behaviour composes.</summary>
public abstract record PromptPart
{
    private protected PromptPart()
    {
    }
}

/// <summary>A message.</summary>
/// <param name="Role"><c>system</c>, <c>user</c> or <c>assistant</c>.</param>
/// <param name="Text">What it says.</param>
public sealed record PromptText(string Role, string Text) : PromptPart;

/// <summary>An earlier answer with the results of its calls.</summary>
/// <param name="Turn">One of <see cref="RunState.Turns"/>.</param>
public sealed record PromptTurn(Turn Turn) : PromptPart;

/// <summary>The messages of the session before the run's input.</summary>
public sealed record PromptHistory : PromptPart;

/// <summary>Start child runs at the same time; the step is theirs.</summary>
/// <param name="Step">The step: <see cref="RunState.Step"/> + 1.</param>
/// <param name="Children">At least one.</param>
public sealed record StartChildren(int Step, IReadOnlyList<ChildRequest> Children) : Decision;

/// <summary>A child to start.</summary>
/// <param name="Agent">The agent that executes it: of the same tenant, by its name.</param>
/// <param name="Input">What it is asked to do.</param>
/// <param name="Label">What the behaviour calls it, at most 200 characters; unique among the children that it starts at once.</param>
public sealed record ChildRequest(string Agent, string Input, string Label)
{
    /// <summary>The call of the step that it carries out; null to number it by its place in the list.</summary>
    internal int? Call { get; init; }

    /// <summary>Whether it looks back at the session that its parent belongs to.</summary>
    public bool SeesConversation { get; init; }
}

/// <summary>Make these calls, at the same time.</summary>
internal sealed record CallTools(IReadOnlyList<CallState> Calls) : Decision;

/// <summary>Have the agent's model answer what a call needs.</summary>
internal sealed record HelpCall(CallState Call) : Decision;

/// <summary>Ask a person about these calls; what need not wait for the answers goes on.</summary>
internal sealed record Ask(IReadOnlyList<CallState> Calls) : Decision;

/// <summary>The time of the questions about these calls is over: do what was agreed for that.</summary>
internal sealed record Expire(IReadOnlyList<CallState> Calls) : Decision;

/// <summary>Record what a person, or time, decided to be the outcome of a call.</summary>
internal sealed record Settle(CallState Call, CallReturned Outcome) : Decision;

/// <summary>Wait for a signal, a child's end or a time; hold nothing meanwhile.</summary>
public sealed record Wait : Decision
{
    /// <summary>Waits for children, or until a time.</summary>
    public Wait()
        : this([])
    {
    }

    internal Wait(IReadOnlyList<QuestionAsked> questions) => Questions = questions;

    /// <summary>When to go on without a signal; null to wait for as long as it takes.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>What people are asked meanwhile.</summary>
    internal IReadOnlyList<QuestionAsked> Questions { get; }
}

/// <summary>End with this answer.</summary>
/// <param name="Output">The answer.</param>
public sealed record Finish(string Output) : Decision;

/// <summary>End without one.</summary>
/// <param name="Reason">A word for programs, in snake case, for example <c>limit_exceeded</c>.</param>
/// <param name="Message">What happened.</param>
/// <param name="Hint">What to do now.</param>
public sealed record Fail(string Reason, string Message, string Hint) : Decision;

/// <summary>End because somebody asked for it.</summary>
internal sealed record Stop(string Reason, string Principal) : Decision;
