using Minion.Crash.Arena;

namespace Minion.Crash.Rounds;

/// <summary>
/// Waits until nothing that a victim had begun can take effect any more. Only then does the journal together with the notes tell what became of a call:
/// before, a correct engine would look wrong.
/// <para>
/// The tool runs in the same process as the engine that calls it. When that process was killed, the call can only go on inside PostgreSQL: a statement
/// that had arrived there is finished. When it was paused, everything goes on where it stood: the call may be just about to be sent. It notices with its next
/// heartbeat that it was fenced, drops its runs and cancels their calls; so its worker's heartbeat after SIGCONT is waited for, then a moment for what
/// was on its way, then until PostgreSQL works on no older statement of the tools.
/// </para>
/// </summary>
internal sealed class Settling(IReadOnlyList<ServerProcess> servers, Database database)
{
    private const string Beating =
        """
        SELECT count(*)::int FROM unnest(@processes) p
        WHERE EXISTS (SELECT FROM orchestration.workers w WHERE split_part(w.process, ' ', 3) = p AND w.heartbeat_at > @since)
        """;

    private const string Working =
        """
        SELECT count(*)::int FROM pg_stat_activity
        WHERE application_name = 'minion-tools' AND state <> 'idle' AND query_start < @since
        """;

    public async Task UntilSettledAsync(CancellationToken ct)
    {
        var since = DateTime.UtcNow;
        string[] processes = [.. servers.Select(s => $"{s.ProcessId}")];
        await UntilAsync(
            async () => (await database.QueryAsync<int>(Beating, new { processes, since }))[0] == processes.Length, "every server's worker has a heartbeat", ct);
        await Task.Delay(Timings.Settling, ct);
        await UntilQuietAsync(database, ct);
    }

    /// <summary>Until PostgreSQL works on nothing that tools had sent by now.</summary>
    public static async Task UntilQuietAsync(Database database, CancellationToken ct)
    {
        var since = DateTime.UtcNow;
        await UntilAsync(async () => (await database.QueryAsync<int>(Working, new { since }))[0] == 0, "the tools' statements have ended", ct);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string name, CancellationToken ct)
    {
        var begun = Environment.TickCount64;
        while (!await condition())
        {
            if (Environment.TickCount64 - begun > Timings.Recovery.TotalMilliseconds)
            {
                throw new InvalidOperationException($"Waited {Timings.Recovery.TotalSeconds} s in vain until {name}.");
            }

            await Task.Delay(20, ct);
        }
    }
}
