using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Orchestration.V1;
using Minion.Data;
using Minion.Orchestration.Sessions;
using Npgsql;

namespace Minion.Orchestration.Streams;

/// <summary>The runs of a session, in the order of their turns, as one stream.</summary>
internal sealed class SessionStream(
    RunStream runs, SessionStore sessions, [FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource database, TimeProvider time)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    // A turn begins with the user's message, which its run appends.
    private const string NextTurn =
        """
        SELECT m.seq, m.run_id, m.content, coalesce(r.agent, '') FROM orchestration.session_messages m
        LEFT JOIN orchestration.runs r ON r.tenant = m.tenant AND r.id = m.run_id
        WHERE m.tenant = $1 AND m.session_id = $2 AND m.seq > $3 AND m.run_id IS NOT NULL AND m.role = 'user'
        ORDER BY m.seq LIMIT 1
        """;

    /// <summary>The parts after a cursor. Ends when the session can have no further turn, or with <paramref name="untilIdle"/> when none is under way.</summary>
    public async IAsyncEnumerable<StreamPart> FollowAsync(
        string tenant, Guid session, SessionCursor at, bool untilIdle, [EnumeratorCancellation] CancellationToken ct)
    {
        if (at.Turn > 0)
        {
            await foreach (var part in RunAsync(tenant, at, ct))
            {
                yield return part;
            }
        }

        var pause = ShortestPause;
        while (true)
        {
            // Asked for before the next turn, so that one that begins in between is seen.
            var isOver = await IsOverAsync(tenant, session, untilIdle, ct);
            var found = await database.QueryAsync(
                tenant, NextTurn, [tenant, session, at.Turn], row => (Seq: row.GetInt64(0), Run: row.GetGuid(1), Input: row.GetString(2), Agent: row.GetString(3)), ct);
            if (found is [var turn])
            {
                pause = ShortestPause;
                at = new SessionCursor(turn.Seq, turn.Run, default);
                yield return new StreamPart { RunId = turn.Run.ToString(), Turn = new TurnPart { Agent = turn.Agent, Input = turn.Input }, Cursor = at.ToString() };
                await foreach (var part in RunAsync(tenant, at, ct))
                {
                    yield return part;
                }
            }
            else if (isOver)
            {
                yield break;
            }
            else
            {
                await Task.Delay(pause, time, ct);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private async IAsyncEnumerable<StreamPart> RunAsync(string tenant, SessionCursor at, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var (part, cursor) in runs.FollowAsync(tenant, at.Run, at.Within, ct))
        {
            part.Cursor = (at with { Within = cursor }).ToString();
            yield return part;
        }
    }

    private async Task<bool> IsOverAsync(string tenant, Guid session, bool untilIdle, CancellationToken ct) =>
        await sessions.FindAsync(tenant, session, ct) is not { } found
        || (found.CurrentRun is null && found.QueuedRuns == 0 && (untilIdle || found.Status != SessionStatus.Active));
}
