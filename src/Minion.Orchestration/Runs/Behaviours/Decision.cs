using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Behaviours;

/// <summary>What a run does now: a closed set that the engine carries out.</summary>
internal abstract record Decision;

/// <summary>Call the agent's model, with or without its tools.</summary>
internal sealed record CallModel(int Step, bool WithTools) : Decision;

/// <summary>Make these calls, at the same time.</summary>
internal sealed record CallTools(IReadOnlyList<CallState> Calls) : Decision;

/// <summary>Ask a person what became of these calls, then wait.</summary>
internal sealed record Ask(IReadOnlyList<CallState> Calls) : Decision;

/// <summary>Record what a person said became of a call.</summary>
internal sealed record Settle(CallState Call, CallReturned Outcome) : Decision;

/// <summary>Wait for a signal; hold nothing meanwhile.</summary>
internal sealed record Wait(IReadOnlyList<QuestionAsked> Questions) : Decision;

/// <summary>End with this answer.</summary>
internal sealed record Finish(string Output) : Decision;

/// <summary>End without one.</summary>
internal sealed record Fail(string Reason, string Message, string Hint) : Decision;

/// <summary>End because somebody asked for it.</summary>
internal sealed record Stop(string Reason, string Principal) : Decision;
