using System.Globalization;
using Minion.Orchestration.Runs.EngineTools;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Behaviours;

/// <summary>What a run asks people, and what it makes of their answers and of none. Pure, as all rules.</summary>
internal static class Asking
{
    /// <summary>Whether a person is asked before anything else is done about the call.</summary>
    public static bool MustAskFirst(CallState call, RunState state) =>
        call.Question is null && (!IsAllowed(call, state) || call.Needs is { IsForPerson: true });

    /// <summary>Whether no approval stands in the way of the call. What was begun was allowed.</summary>
    public static bool IsAllowed(CallState call, RunState state) =>
        call.Intent is not null || call.IsApproved || (call.Question is null && !NeedsApproval(call, state));

    /// <summary>Whether the time of the call's question is over.</summary>
    public static bool IsDue(CallState call, DateTimeOffset now) => call.IsAsked && call.DueAt <= now;

    /// <summary>What happens when nobody has answered in time: the policy. Denied at the end of an escalation.</summary>
    public static string OnTimeout(CallState call) => (call.Question!.OnTimeout, call.Question.Asks) switch
    {
        (ApprovalTerms.Escalate, _) when !call.IsEscalated && call.Question.EscalateTo is not null => ApprovalTerms.Escalate,
        (ApprovalTerms.Approve, QuestionAsked.Approval) => ApprovalTerms.Approve,
        _ => ApprovalTerms.Deny,
    };

    /// <summary>The outcome that a person, or time, has given to the call; null when it has none by that.</summary>
    public static CallReturned? Outcome(CallState call) => call.Question?.Asks switch
    {
        null when call.Question is null => null,
        _ when call.Question.Request is not null => null,
        QuestionAsked.Approval => OfApproval(call),
        QuestionAsked.Question => OfQuestion(call),
        _ => OfUncertain(call),
    };

    private static bool NeedsApproval(CallState call, RunState state) => call.Request.Approval switch
    {
        null => false,
        _ when call.Request.Tool == EngineToolList.AskPerson => false,
        { When: ApprovalTerms.FirstTime } => !state.Turns.SkipLast(1).SelectMany(t => t.Calls).Any(c =>
            c is { IsApproved: true, Edited: null } && c.Request.Tool == call.Request.Tool),
        _ => true,
    };

    private static CallReturned? OfApproval(CallState call)
    {
        if (call.Expired is { Outcome: ApprovalTerms.Deny })
        {
            return Failed(
                call, "denied", $"Nobody allowed this call{Within(call)}, so it was not made.", "Go on without it, and say so in your answer.", CallReturned.ByTimeout);
        }

        return call.Answer is { Choice: ApprovalTerms.Deny } answer
            ? Failed(
                call,
                "denied",
                TextOf(answer) is { } why ? $"A person did not allow this call: {why}" : "A person did not allow this call.",
                "Do not make it again as it was. Heed what the person said, or go on without it.",
                CallReturned.ByPerson)
            : null;
    }

    private static CallReturned? OfQuestion(CallState call)
    {
        if (call.Expired is not null)
        {
            return Failed(call, "no_answer", $"Nobody answered{Within(call)}.", "Go on with what you know, or say what you could not find out.", CallReturned.ByTimeout);
        }

        return call.Answer is { } answer
            ? new CallReturned(call.Request.Tool, PersonJson.Answer(answer.Choice, TextOf(answer)), Failure: null, CallReturned.ByPerson)
            : null;
    }

    private static CallReturned? OfUncertain(CallState call) => call.Answer?.Choice switch
    {
        Rules.ChoiceDone => new CallReturned(
            call.Request.Tool, PersonJson.Result(TextOf(call.Answer) ?? "It was done."), Failure: null, CallReturned.ByPerson),
        Rules.ChoiceSkip => Failed(
            call, "skipped", TextOf(call.Answer) ?? "A person decided that this call is not made.", "Go on without it.", CallReturned.ByPerson),
        _ => null,
    };

    private static CallReturned Failed(CallState call, string kind, string message, string hint, string by) =>
        new(call.Request.Tool, Result: null, new CallFailure(kind, message, hint), by);

    private static string? TextOf(SignalReceived answer) => string.IsNullOrWhiteSpace(answer.Text) ? null : answer.Text;

    private static string Within(CallState call) => call.Question!.DueAt is { } due
        ? string.Create(CultureInfo.InvariantCulture, $" within {(due - call.AskedAt) * (call.IsEscalated ? 2 : 1):c}")
        : "";
}
