using Microsoft.Extensions.Logging;
using Minion.Orchestration.Inbox;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Engine.Failpoints;
using Minion.Orchestration.Runs.Journal;
using Minion.ServiceDefaults.Telemetry;
using Npgsql;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>Carries out what was agreed for questions that nobody answers in time. An outage of the database is waited out.</summary>
internal sealed class Expiry(InboxExpiry inbox, TimeProvider time, MinionTelemetry telemetry, ILogger<Expiry> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

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

    private async Task<ItemFate> EndAsync(HeldRun held, CallState call, string outcome, CancellationToken ct)
    {
        var more = (call.Question!.DueAt ?? call.AskedAt) - call.AskedAt;
        while (true)
        {
            try
            {
                var fate = await inbox.EndAsync(held.Run.Tenant, call.Question!, call.IsEscalated, outcome, more, ct);
                Failpoint.Hit(FailpointList.ExpiryAfter);
                return fate;
            }
            catch (NpgsqlException outage) when (outage is not PostgresException || outage.IsTransient)
            {
                EngineLog.ContextDelayed(logger, held.Run.Id, outage.Message);
                await Task.Delay(Pause, time, ct);
            }
        }
    }
}
