using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Minion.Orchestration.Runs.Engine.Failpoints;
using Minion.Orchestration.Runs.Journal;
using Npgsql;

namespace Minion.Orchestration.Inbox;

/// <summary>Items in the name of a tenant. Which answer counts is decided here: the first that finds its item open and not overdue.</summary>
internal sealed class InboxStore([FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource database, TimeProvider time)
{
    // The run's row is locked first, as appends do. An item is never answered without its signal, nor twice: of two answers, the second waits
    // for the run's row and then finds the item closed. The time that the run has waited is not counted to its deadline.
    private const string AnswerOpen =
        """
        WITH run AS MATERIALIZED (
          SELECT id, signal_seq FROM orchestration.runs
          WHERE tenant = $1 AND id = $3 AND status IN ('ready', 'running', 'waiting') FOR UPDATE
        ), item AS (
          UPDATE orchestration.inbox i SET status = 'answered', choice = $4, answer = $5, edited = $6, answered_by = $7, closed_at = $8
          FROM run WHERE i.tenant = $1 AND i.id = $2 AND i.run_id = run.id AND i.status = 'open' AND (i.due_at IS NULL OR i.due_at > $8)
          RETURNING i.id
        ), sent AS (
          INSERT INTO orchestration.signals (tenant, run_id, id, seq, kind, payload, at)
          SELECT $1, run.id, 'answer/' || item.id, run.signal_seq + 1, 'answer', $9::jsonb, $8 FROM run, item
        ), woken AS (
          UPDATE orchestration.runs SET
            signal_seq = signal_seq + 1,
            status = CASE WHEN status = 'waiting' THEN 'ready' ELSE status END,
            deadline = deadline + coalesce($8 - waiting_since, '0'),
            paused = paused + coalesce($8 - waiting_since, '0'),
            waiting_since = NULL,
            wake_at = NULL
          WHERE tenant = $1 AND id = $3 AND EXISTS (SELECT FROM item)
          RETURNING tenant, priority, id, status
        ), queued AS (
          INSERT INTO orchestration.ready (tenant, priority, run_id) SELECT tenant, priority, id FROM woken WHERE status = 'ready'
          ON CONFLICT (tenant, run_id) DO NOTHING
        )
        SELECT count(*) FROM woken
        """;

    private const string OfTree =
        """
        run_id IN (
          WITH RECURSIVE tree AS (
            SELECT id, root_id FROM orchestration.runs WHERE tenant = $1 AND id = $6::uuid
            UNION ALL
            SELECT c.id, c.root_id FROM tree t JOIN orchestration.runs c ON c.tenant = $1 AND c.root_id = t.root_id AND c.parent_id = t.id
          )
          SELECT id FROM tree)
        """;

    public async Task<InboxItem?> FindAsync(string tenant, Guid id, CancellationToken ct) =>
        (await database.QueryAsync(
            tenant, $"SELECT {InboxRow.Columns} FROM orchestration.inbox WHERE tenant = $1 AND id = $2", [tenant, id], InboxRow.Read, ct)).SingleOrDefault();

    /// <summary>The items of a run, oldest first.</summary>
    public Task<List<InboxItem>> OfRunAsync(string tenant, Guid run, CancellationToken ct) =>
        database.QueryAsync(
            tenant,
            $"SELECT {InboxRow.Columns} FROM orchestration.inbox WHERE tenant = $1 AND run_id = $2 ORDER BY asked_at, id",
            [tenant, run],
            InboxRow.Read,
            ct);

    /// <summary>Items after <paramref name="after"/>, oldest first; empty filters hold for all.</summary>
    public Task<List<InboxItem>> ListAsync(string tenant, InboxFilter filter, Guid after, int limit, CancellationToken ct)
    {
        // What is open is found by the index that has nothing else.
        var open = filter.Status == InboxItem.Open ? "status = 'open' AND " : "";
        var ofRun = filter.Tree ? OfTree : "($6::uuid IS NULL OR run_id = $6)";
        return database.QueryAsync(
            tenant,
            $"""
            SELECT {InboxRow.Columns} FROM orchestration.inbox
            WHERE {open}tenant = $1 AND id > $2 AND status = $3 AND ($4 = '' OR kind = $4) AND ($5 = '' OR assignee = $5)
              AND {ofRun} AND ($7 = '' OR agent = $7)
            ORDER BY id LIMIT $8
            """,
            [tenant, after, filter.Status, filter.Kind, filter.Assignee, filter.RunId, filter.Agent, limit],
            InboxRow.Read,
            ct);
    }

    /// <summary>
    /// Answers an item and wakes its run, in one transaction. Returns false, and has changed nothing, when the item is closed or overdue.
    /// </summary>
    public async Task<bool> AnswerAsync(string tenant, InboxItem item, InboxReply reply, string principal, CancellationToken ct)
    {
        var edited = reply.Arguments.Length == 0 ? null : StoredText.CleanJson(reply.Arguments);
        var text = StoredText.Clean(reply.Text);
        var payload = SignalJson.Write(item.Question, reply.Choice, text, principal, edited);
        Failpoint.Hit(FailpointList.AnswerBefore);
        var woken = await database.QueryAsync(
            tenant,
            AnswerOpen,
            [tenant, item.Id, item.RunId, reply.Choice, text, edited, principal, time.GetStoredNow(), payload],
            row => row.GetInt64(0),
            ct);
        Failpoint.Hit(FailpointList.AnswerAfter);
        return woken is [1];
    }

    /// <summary>Hands an open item to somebody else. Returns it as it is then; null when it is closed or overdue.</summary>
    public async Task<InboxItem?> DelegateAsync(string tenant, Guid id, string to, string reason, string principal, CancellationToken ct)
    {
        var now = time.GetStoredNow();
        return (await database.QueryAsync(
            tenant,
            $"""
            UPDATE orchestration.inbox SET
              assignee = $3,
              history = CASE WHEN jsonb_array_length(history) >= 50 THEN history - 0 ELSE history END
                || jsonb_build_array(jsonb_strip_nulls(jsonb_build_object(
                  'at', $5::timestamptz, 'kind', 'delegated', 'by', $6::text, 'from', assignee, 'to', $3::text, 'reason', nullif($4::text, ''))))
            WHERE tenant = $1 AND id = $2 AND status = 'open' AND (due_at IS NULL OR due_at > $5)
            RETURNING {InboxRow.Columns}
            """,
            [tenant, id, to, StoredText.Clean(reason), now, principal],
            InboxRow.Read,
            ct)).SingleOrDefault();
    }
}
