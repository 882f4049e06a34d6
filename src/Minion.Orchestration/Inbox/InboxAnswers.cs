using Minion.Contracts.Callers;
using Minion.Orchestration.Runs.Engine;
using Minion.Orchestration.Runs.Journal;
using Minion.ServiceDefaults.Telemetry;

namespace Minion.Orchestration.Inbox;

/// <summary>Takes answers, whichever service they come through.</summary>
internal sealed class InboxAnswers(InboxStore inbox, WakeUps wakeUps, MinionTelemetry telemetry, TimeProvider time)
{
    /// <summary>
    /// Answers an item. The first answer counts; giving just that answer again, as the same person, changes nothing more.
    /// </summary>
    /// <returns>The item as it is then, and whether the answer was a repetition.</returns>
    /// <exception cref="Contracts.Faults.Fault">The item cannot be answered so, or has been answered otherwise, too late, or withdrawn.</exception>
    public async Task<(InboxItem Item, bool Repeated)> AnswerAsync(Caller caller, InboxItem item, InboxReply reply, CancellationToken ct)
    {
        InboxRequests.Check(item, reply);
        var answered = item.Status == InboxItem.Open && await inbox.AnswerAsync(caller.Tenant, item, reply, caller.Principal, ct);
        if (answered)
        {
            wakeUps.WakeAll();
            telemetry.RecordInbox(item.Kind, OutcomeOf(item, reply), time.GetUtcNow() - item.AskedAt);
        }

        var now = await inbox.FindAsync(caller.Tenant, item.Id, ct) ?? throw InboxFaults.NotFound(item.Id.ToString());
        return answered ? (now, false) : IsSame(now, reply, caller) ? (now, true) : throw InboxFaults.Closed(now);
    }

    private static bool IsSame(InboxItem item, InboxReply reply, Caller caller) =>
        item.Status == InboxItem.Answered
        && item.AnsweredBy == caller.Principal
        && item.Choice == reply.Choice
        && item.Answer == StoredText.Clean(reply.Text)
        && (item.Edited ?? "") == StoredText.CleanJson(reply.Arguments);

    // Choices that an agent makes up are of many values.
    private static string OutcomeOf(InboxItem item, InboxReply reply) =>
        item.Kind == QuestionAsked.Question ? "answered" : reply.Arguments.Length > 0 ? "edit" : reply.Choice;
}
