using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.EngineTools;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>What a person is asked about a call: whether it may be made, what it asks itself, or what became of it.</summary>
internal static class Questions
{
    public static Entry About(CallState call, DateTimeOffset now)
    {
        if (call.Needs is { } need)
        {
            var asked = NeededQuestions.About(call, need, $"{Id(call)}.{call.InputRounds}.{need.Id}", now) with { Item = Guid.CreateVersion7(now) };
            return new Entry(0, call.Step, call.Request.Call, call.Attempts, asked, now, now);
        }

        var terms = call.Request.Approval;
        var question = call.Intent is null
            ? (call.Request.Tool == EngineToolList.AskPerson ? WhatItAsks(call) : MayItBeMade(call)) with { DueAt = terms?.DueAt(now), OnTimeout = terms?.OnTimeout, EscalateTo = terms?.EscalateTo }
            : WhatBecameOfIt(call);
        question = question with { Item = Guid.CreateVersion7(now), Assignee = terms?.Assignee };
        return new Entry(0, call.Step, call.Request.Call, call.Attempts, question, now, now);
    }

    /// <summary>The questions of a run that have no answer, as its row shows them.</summary>
    public static IReadOnlyList<StoredQuestion> Open(RunState state) =>
        [.. state.OpenCalls.Where(c => c.IsAsked).Select(c => StoredQuestion.Of(c.Question!, c.Step, c.Request.Call, c.AskedAt) with { DueAt = c.DueAt })];

    private static QuestionAsked MayItBeMade(CallState call) =>
        new(
            Id(call),
            $"May '{call.Request.Tool}' be called with these arguments ('{ApprovalTerms.Approve}'), or not ('{ApprovalTerms.Deny}')?",
            [ApprovalTerms.Approve, ApprovalTerms.Deny],
            call.Request.Tool,
            call.Request.Arguments)
        {
            Asks = QuestionAsked.Approval,
        };

    private static QuestionAsked WhatItAsks(CallState call)
    {
        var (question, choices) = AskPersonTool.Read(call);
        return new QuestionAsked(Id(call), question, choices, call.Request.Tool, call.Request.Arguments) { Asks = QuestionAsked.Question };
    }

    private static QuestionAsked WhatBecameOfIt(CallState call)
    {
        var text =
            $"The call of '{call.Request.Tool}' was interrupted, and it is not known whether it took effect. "
            + $"Was it done ('{Rules.ChoiceDone}'), should it be made again ('{Rules.ChoiceRetry}'), or left out ('{Rules.ChoiceSkip}')?";
        return new QuestionAsked(
            Id(call), text, [Rules.ChoiceDone, Rules.ChoiceRetry, Rules.ChoiceSkip], call.Request.Tool, call.Arguments)
        { Asks = QuestionAsked.Uncertain };
    }

    private static string Id(CallState call) => $"{call.Step}.{call.Request.Call}.{call.Attempts}";
}
