using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Minion.Orchestration.Runs.Engine.Failpoints;
using Minion.Orchestration.Runs.Journal;
using Npgsql;

namespace Minion.Orchestration.Inbox;

/// <summary>What became of an item whose time is over.</summary>
internal abstract record ItemFate
{
    /// <summary>It was answered in time: the signal is there.</summary>
    public sealed record WasAnswered : ItemFate;

    /// <summary>Nobody answers it any more.</summary>
    public sealed record IsClosed : ItemFate;

    /// <summary>It is somebody else's now.</summary>
    public sealed record IsEscalated(string Assignee, DateTimeOffset DueAt) : ItemFate;
}

/// <summary>
/// Ends the time of an item before the run acts on it, so that a late answer and the policy cannot both hold. Repeating it, after a crash
/// before the journal had it, finds what was done.
/// </summary>
internal sealed class InboxExpiry([FromKeyedServices(DatabaseRoles.Engine)] NpgsqlDataSource engine, TimeProvider time)
{
    private const string Expire =
        """
        UPDATE orchestration.inbox SET status = 'expired', choice = $4, closed_at = $5
        WHERE tenant = $1 AND id = $2 AND status = 'open' AND escalated = $3
        """;

    private const string Escalate =
        """
        UPDATE orchestration.inbox SET
          escalated = true,
          assignee = escalate_to,
          due_at = $5::timestamptz + make_interval(secs => $4::double precision),
          history = CASE WHEN jsonb_array_length(history) >= 50 THEN history - 0 ELSE history END
            || jsonb_build_array(jsonb_strip_nulls(jsonb_build_object(
              'at', $5::timestamptz, 'kind', 'escalated', 'from', assignee, 'to', escalate_to, 'reason', 'nobody answered in time')))
        WHERE tenant = $1 AND id = $2 AND status = 'open' AND NOT escalated AND NOT $3
        """;

    /// <summary>Closes the item, or escalates it when <paramref name="outcome"/> says so, unless it has been answered.</summary>
    /// <param name="tenant">The run's tenant.</param>
    /// <param name="question">The question.</param>
    /// <param name="isEscalated">Whether the journal has an escalation of it.</param>
    /// <param name="outcome">One of the actions of <see cref="ApprovalTerms"/>.</param>
    /// <param name="more">For how long the next person is asked.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<ItemFate> EndAsync(
        string tenant, QuestionAsked question, bool isEscalated, string outcome, TimeSpan more, CancellationToken ct)
    {
        await using var connection = await engine.OpenConnectionAsync(ct);
        await using var batch = connection.CreateBatch();
        object value = outcome == ApprovalTerms.Escalate ? more.TotalSeconds : outcome;
        batch.BatchCommands.Add(Sql.Statement(
            outcome == ApprovalTerms.Escalate ? Escalate : Expire, tenant, question.Item!.Value, isEscalated, value, time.GetStoredNow()));
        batch.BatchCommands.Add(Sql.Statement(
            "SELECT status, escalated, assignee, due_at FROM orchestration.inbox WHERE tenant = $1 AND id = $2", tenant, question.Item.Value));
        Failpoint.Hit(FailpointList.ExpiryBefore);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct))
        {
            return new ItemFate.IsClosed();
        }

        return (reader.GetString(0), reader.GetBoolean(1)) switch
        {
            (InboxItem.Answered, _) => new ItemFate.WasAnswered(),
            (InboxItem.Open, true) => new ItemFate.IsEscalated(reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3)),
            _ => new ItemFate.IsClosed(),
        };
    }
}
