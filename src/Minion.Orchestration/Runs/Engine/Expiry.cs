using Minion.Orchestration.Inbox;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Engine.Failpoints;
using Minion.Orchestration.Runs.Journal;
using Minion.ServiceDefaults.Telemetry;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>Carries out what was agreed for questions that nobody answers in time. An outage of the database is waited out.</summary>
internal sealed class Expiry(InboxExpiry inbox, Outages outages, TimeProvider time, MinionTelemetry telemetry)
{
    /// <summary>What the journal keeps of it; null when the question was answered in time.</summary>
    public async Task<QuestionExpired?> EndAsync(HeldRun held, CallState call, CancellationToken ct)
    {
        var question = call.Question!;
        var outcome = Asking.OnTimeout(call);
        var fate = question.Item is null ? new ItemFate.IsClosed() : await EndAsync(held, call, outcome, ct);
        switch (fate)
        {
            case ItemFate.WasAnswered:
                return null;
            case ItemFate.IsEscalated escalated:
                telemetry.RecordInbox(question.Asks ?? QuestionAsked.Uncertain, "escalated", escalated.DueAt - call.AskedAt);
                return new QuestionExpired(question.Id, ApprovalTerms.Escalate, escalated.Assignee, escalated.DueAt);
            default:
                // An item that is gone cannot be escalated.
                outcome = outcome == ApprovalTerms.Escalate ? ApprovalTerms.Deny : outcome;
                telemetry.RecordInbox(question.Asks ?? QuestionAsked.Uncertain, $"timeout_{outcome}", time.GetUtcNow() - call.AskedAt);
                return new QuestionExpired(question.Id, outcome, Assignee: null, DueAt: null);
        }
    }

    private Task<ItemFate> EndAsync(HeldRun held, CallState call, string outcome, CancellationToken ct)
    {
        var more = TimeSpan.FromSeconds(call.Request.Approval?.TimeoutSeconds ?? 0);
        return outages.WaitOutAsync(
            held,
            async () =>
            {
                var fate = await inbox.EndAsync(held.Run.Tenant, call.Question!, call.IsEscalated, outcome, more, ct);
                Failpoint.Hit(FailpointList.ExpiryAfter);
                return fate;
            },
            ct);
    }
}
