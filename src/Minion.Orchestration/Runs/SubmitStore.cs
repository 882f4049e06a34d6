using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Runs.Engine.Failpoints;
using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Runs.Turns;
using Npgsql;
using NpgsqlTypes;

namespace Minion.Orchestration.Runs;

/// <summary>Accepts runs: one transaction, one round trip.</summary>
internal sealed class SubmitStore([FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource database)
{
    /// <summary>Messages of a session that a run looks back at, at most.</summary>
    public const int MaxHistory = 200;

    /// <summary>Between permissions, which have no control characters.</summary>
    private const char Separator = '\u001f';

    /// <summary>
    /// Commits a run of a session. Null when nothing was written: its agent is not as the submission assumes, its request is known, or its session takes
    /// no message.
    /// </summary>
    public async Task<Acceptance?> SubmitInSessionAsync(Submission submission, CancellationToken ct)
    {
        var run = submission.Run;
        await using var batch = database.CreateTenantBatch(run.Tenant);
        batch.BatchCommands.Add(Sql.Statement(SubmitSql.LockSession, run.Tenant, run.SessionId));
        var insert = Insert(SubmitSql.InsertInSession, run.Tenant, [submission]);
        insert.Parameters.Add(new NpgsqlParameter { Value = run.SessionId!.Value });
        insert.Parameters.Add(new NpgsqlParameter { Value = (long)MaxHistory });
        insert.Parameters.Add(new NpgsqlParameter { Value = submission.Turns });
        batch.BatchCommands.Add(insert);
        batch.BatchCommands.Add(Stamps(run.Tenant, [submission]));
        var interrupt = SignalJson.Write(questionId: null, choice: null, $"Interrupted by run {run.Id}.", run.Principal);
        batch.BatchCommands.Add(Sql.Statement(TurnSql.Interrupt, run.Tenant, run.SessionId, run.Id, submission.Turns, interrupt, run.CreatedAt));
        batch.BatchCommands.Add(Sql.Statement(TurnSql.Take, run.Tenant, run.SessionId, run.Id, run.CreatedAt, run.Input));
        AddQueue(batch, run.Tenant, [submission]);

        var accepted = new Dictionary<Guid, Acceptance>();
        Failpoint.Hit(FailpointList.SubmitBefore);
        await using var reader = await batch.ExecuteTenantReaderAsync(ct);
        await reader.NextResultAsync(ct);
        await ReadAsync(reader, [submission], accepted, ct);
        await reader.NextResultAsync(ct);
        var interrupted = await reader.ReadAllAsync(row => row.GetGuid(0), ct);
        await ToTheEndAsync(reader, ct);
        Failpoint.Hit(FailpointList.SubmitAfter);
        return accepted.TryGetValue(run.Id, out var acceptance) ? acceptance with { Interrupted = interrupted } : null;
    }

    /// <summary>
    /// Commits runs without a session together, of one or several tenants. The result has one element for each, in their order; null where nothing was
    /// written: the agent is not as the submission assumes, or the request is known.
    /// </summary>
    public async Task<Acceptance?[]> SubmitAsync(IReadOnlyList<Submission> submissions, CancellationToken ct)
    {
        // In the same order in all processes: two that insert the same requests wait for each other, but never both.
        var tenants = submissions
            .GroupBy(s => s.Run.Tenant, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => (Tenant: g.Key, Submissions: g.OrderBy(s => s.RequestId, StringComparer.Ordinal).ToArray()))
            .ToArray();
        await using var batch = database.CreateBatch();
        foreach (var (tenant, ofTenant) in tenants)
        {
            batch.AddTenant(tenant);
            batch.BatchCommands.Add(Insert(SubmitSql.Insert, tenant, ofTenant));
            batch.BatchCommands.Add(Stamps(tenant, ofTenant));
            AddQueue(batch, tenant, ofTenant);
        }

        var accepted = new Dictionary<Guid, Acceptance>(submissions.Count);
        Failpoint.Hit(FailpointList.SubmitBefore);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        foreach (var (_, ofTenant) in tenants)
        {
            // From the tenant's result to the insert's; the queue has none.
            await reader.NextResultAsync(ct);
            await ReadAsync(reader, ofTenant, accepted, ct);
            await reader.NextResultAsync(ct);
        }

        await ToTheEndAsync(reader, ct);
        Failpoint.Hit(FailpointList.SubmitAfter);
        return [.. submissions.Select(s => accepted.TryGetValue(s.Run.Id, out var acceptance) ? acceptance : (Acceptance?)null)];
    }

    private static NpgsqlBatchCommand Insert(string sql, string tenant, Submission[] submissions) => new(sql)
    {
        Parameters =
        {
            new() { Value = tenant },
            Column(NpgsqlDbType.Uuid, submissions, s => s.Run.Id),
            Column(NpgsqlDbType.Uuid, submissions, s => s.Run.AgentId),
            Column(NpgsqlDbType.Text, submissions, s => s.Run.Agent),
            Column(NpgsqlDbType.Integer, submissions, s => s.Run.AgentVersion),
            Column(NpgsqlDbType.Integer, submissions, s => s.AgentRevision),
            Column(NpgsqlDbType.Text, submissions, s => s.Run.Behaviour),
            Column(NpgsqlDbType.Text, submissions, s => s.RequestId),
            Column(NpgsqlDbType.Text, submissions, s => s.Run.Principal),
            Column(NpgsqlDbType.Text, submissions, s => string.Join(Separator, s.Run.Permissions)),
            Column(NpgsqlDbType.Text, submissions, s => s.Status),
            Column(NpgsqlDbType.Integer, submissions, s => s.Priority),
            Column(NpgsqlDbType.Bigint, submissions, s => s.Run.Epoch),
            Column(NpgsqlDbType.Uuid, submissions, s => s.WorkerId),
            Column(NpgsqlDbType.TimestampTz, submissions, s => s.Run.Deadline.UtcDateTime),
            Column(NpgsqlDbType.Text, submissions, s => s.LimitsJson),
            Column(NpgsqlDbType.Text, submissions, s => s.Run.Input),
            Column(NpgsqlDbType.TimestampTz, submissions, s => s.Run.CreatedAt.UtcDateTime),
            Column(NpgsqlDbType.Text, submissions, s => s.Run.Options),
            Column(NpgsqlDbType.TimestampTz, submissions, s => s.StartAt?.UtcDateTime),
            Column(NpgsqlDbType.Boolean, submissions, s => s.Run.IsTainted),
        },
    };

    private static NpgsqlBatchCommand Stamps(string tenant, Submission[] submissions) =>
        Sql.Statement(SubmitSql.ModelStamps, tenant, submissions.Select(s => s.Model).Distinct(StringComparer.Ordinal).ToArray());

    private static void AddQueue(NpgsqlBatch batch, string tenant, Submission[] submissions)
    {
        foreach (var queue in submissions.Where(s => s.Status == "ready").ToLookup(s => s.IsLimited, s => s.Run.Id))
        {
            batch.BatchCommands.Add(Sql.Statement(queue.Key ? SubmitSql.Park : SubmitSql.Queue, tenant, queue.ToArray()));
        }
    }

    /// <summary>Reads what was inserted and the stamps of the models.</summary>
    private static async Task ReadAsync(NpgsqlDataReader reader, Submission[] submissions, Dictionary<Guid, Acceptance> accepted, CancellationToken ct)
    {
        var histories = (await reader.ReadAllAsync(row => (Id: row.GetGuid(0), First: row.GetInt64(1), Last: row.GetInt64(2), Queued: row.GetBoolean(3)), ct)).ToDictionary(r => r.Id);
        await reader.NextResultAsync(ct);
        var stamps = (await reader.ReadAllAsync(row => (Model: row.GetString(0), Stamp: new ModelStamp(row.GetFieldValue<uint>(1))), ct))
            .ToDictionary(r => r.Model, r => r.Stamp, StringComparer.Ordinal);
        foreach (var submission in submissions)
        {
            if (histories.TryGetValue(submission.Run.Id, out var history))
            {
                accepted[history.Id] = new Acceptance(history.First, history.Last, stamps.GetValueOrDefault(submission.Model, ModelStamp.None)) { IsQueued = history.Queued };
            }
        }
    }

    /// <summary>Only at the end of the results is it committed.</summary>
    private static async Task ToTheEndAsync(NpgsqlDataReader reader, CancellationToken ct)
    {
        while (await reader.NextResultAsync(ct))
        {
        }
    }

    private static NpgsqlParameter Column<T>(NpgsqlDbType type, Submission[] submissions, Func<Submission, T> value) =>
        new() { Value = Array.ConvertAll(submissions, s => value(s)), NpgsqlDbType = NpgsqlDbType.Array | type };
}
