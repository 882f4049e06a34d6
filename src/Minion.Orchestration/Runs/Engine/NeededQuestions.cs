using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>What a person is asked because the tool of a call wants it said first.</summary>
internal static class NeededQuestions
{
    public static QuestionAsked About(CallState call, NeededInput need, string id, DateTimeOffset now) => (need.Approval is { } approval
        ? MayItBeMade(call, approval, id, now)
        : WhatItAsks(call, need.Question!, id)) with
    { Request = need.Id };

    private static QuestionAsked MayItBeMade(CallState call, NeededApproval approval, string id, DateTimeOffset now) => new(
        id,
        approval.Reason.Length > 0
            ? approval.Reason
            : $"May '{call.Request.Tool}' be called with these arguments ('{ApprovalTerms.Approve}'), or not ('{ApprovalTerms.Deny}')?",
        [ApprovalTerms.Approve, ApprovalTerms.Deny],
        call.Request.Tool,
        call.Arguments)
    {
        Asks = QuestionAsked.Approval,
        Assignee = approval.Assignee,
        DueAt = approval.TimeoutSeconds is { } seconds ? now.AddSeconds(seconds) : null,
        OnTimeout = approval.OnTimeout,
        EscalateTo = approval.EscalateTo,
    };

    private static QuestionAsked WhatItAsks(CallState call, NeededAnswer question, string id) => new(
        id,
        question.Message,
        question.Form is null && question.Url is null ? [] : [InputState.Accept, InputState.Decline],
        call.Request.Tool,
        call.Arguments)
    {
        Asks = QuestionAsked.Question,
        Form = question.Form,
        Url = question.Url,
    };
}
