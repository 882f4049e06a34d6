using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Behaviours;

/// <summary>What a run does now: a closed set that the engine carries out.</summary>
internal abstract record Decision;

/// <summary>Call the agent's model, with or without its tools.</summary>
internal sealed record CallModel(int Step, bool WithTools) : Decision
{
    /// <summary>What the answer is for, recorded with it; null for the next turn.</summary>
    public string? Purpose { get; init; }

    /// <summary>What the model is given after the agent's instructions; null for the conversation so far (turns without a purpose).</summary>
    public IReadOnlyList<PromptPart>? Prompt { get; init; }
}

/// <summary>A part of a prompt that a behaviour composes.</summary>
internal abstract record PromptPart;

/// <summary>A message. <paramref name="Role"/> is <c>system</c>, <c>user</c> or <c>assistant</c>.</summary>
internal sealed record PromptText(string Role, string Text) : PromptPart;

/// <summary>An earlier answer with the results of its calls.</summary>
internal sealed record PromptTurn(Turn Turn) : PromptPart;

/// <summary>The messages of the session before the run's input.</summary>
internal sealed record PromptHistory : PromptPart;

/// <summary>Start child runs at the same time; the step is theirs.</summary>
internal sealed record StartChildren(int Step, IReadOnlyList<ChildRequest> Children) : Decision;

/// <summary>A child to start: which agent, what it is asked, what the behaviour calls it.</summary>
internal sealed record ChildRequest(string Agent, string Input, string Label);

/// <summary>Make these calls, at the same time.</summary>
internal sealed record CallTools(IReadOnlyList<CallState> Calls) : Decision;

/// <summary>Ask a person what became of these calls, then wait.</summary>
internal sealed record Ask(IReadOnlyList<CallState> Calls) : Decision;

/// <summary>Record what a person said became of a call.</summary>
internal sealed record Settle(CallState Call, CallReturned Outcome) : Decision;

/// <summary>Wait for a signal; hold nothing meanwhile.</summary>
internal sealed record Wait(IReadOnlyList<QuestionAsked> Questions) : Decision
{
    /// <summary>When to go on without one; null to wait for as long as it takes.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>End with this answer.</summary>
internal sealed record Finish(string Output) : Decision;

/// <summary>End without one.</summary>
internal sealed record Fail(string Reason, string Message, string Hint) : Decision;

/// <summary>End because somebody asked for it.</summary>
internal sealed record Stop(string Reason, string Principal) : Decision;
