using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Npgsql;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>Moves the deadline of a run by what the runs below it have waited for people.</summary>
internal sealed class PauseStore([FromKeyedServices(DatabaseRoles.Engine)] NpgsqlDataSource engine)
{
    private const string Move =
        """
        WITH RECURSIVE below AS (
          SELECT c.id, c.status, c.paused, c.waiting_since FROM orchestration.runs c
          WHERE c.tenant = @tenant AND c.root_id = @root AND c.parent_id = @run
          UNION ALL
          SELECT c.id, c.status, c.paused, c.waiting_since FROM orchestration.runs c JOIN below b ON c.parent_id = b.id
          WHERE c.tenant = @tenant AND c.root_id = @root AND c.parent_id IS NOT NULL
        ), longest AS (
          SELECT max(paused + CASE WHEN status = 'waiting' AND waiting_since IS NOT NULL THEN @now - waiting_since ELSE '0' END) AS paused FROM below
        )
        UPDATE orchestration.runs r SET
          deadline = r.deadline + greatest(l.paused - r.paused, '0'),
          paused = greatest(l.paused, r.paused)
        FROM longest l WHERE r.tenant = @tenant AND r.id = @run AND r.epoch = @epoch
        RETURNING r.deadline
        """;

    /// <summary>The deadline as it is then; null when the run is another worker's.</summary>
    public async Task<DateTimeOffset?> DeadlineAsync(ClaimedRun run, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await engine.OpenConnectionAsync(ct);
        var deadline = await connection.QuerySingleOrDefaultAsync<DateTime?>(new CommandDefinition(
            Move, new { tenant = run.Tenant, root = run.RootId, run = run.Id, epoch = run.Epoch, now = now.UtcDateTime }, cancellationToken: ct));
        return deadline is { } at ? new DateTimeOffset(at, TimeSpan.Zero) : null;
    }
}
