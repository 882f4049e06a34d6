using Grpc.Core;
using Minion.Cli.Connections;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Runs;

/// <summary>
/// Follows a run to its end. When the connection breaks it connects again and reads on from the last entry: a run outlives its
/// server, and each entry is shown once.
/// </summary>
/// <param name="connection">The way to the server.</param>
/// <param name="time">The clock.</param>
/// <param name="notice">Told when the connection breaks and when it is back.</param>
internal sealed class RunWatch(Connection connection, TimeProvider time, Action<string> notice)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    // A stream that lived this long was a connection of its own; what breaks afterwards is a new loss.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);

    /// <summary>How long a lost server may stay away.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <param name="runId">The run.</param>
    /// <param name="deltas">Whether to ask for the pieces of an answer under way.</param>
    /// <param name="show">Handed every part; returns false to stop before the run's end.</param>
    /// <param name="cancellation">Stops watching; the run goes on.</param>
    /// <returns>The run as it is at the end.</returns>
    /// <exception cref="CliFailure">The server stayed away for longer than <see cref="Patience"/>.</exception>
    public async Task<Run> FollowAsync(
        string runId, bool deltas, Func<WatchRunResponse, CancellationToken, Task<bool>> show, CancellationToken cancellation)
    {
        var request = new WatchRunRequest { RunId = runId, EntriesOnly = !deltas };
        long? lostAt = null;
        var pause = FirstPause;
        while (true)
        {
            var started = time.GetTimestamp();
            try
            {
                using var call = connection.Runs.WatchRun(request, connection.Stream(cancellation));
                while (await call.ResponseStream.MoveNext(cancellation))
                {
                    (lostAt, pause) = (Found(lostAt), FirstPause);
                    var part = call.ResponseStream.Current;
                    if (part.Entry is { } entry)
                    {
                        if (entry.Seq <= request.AfterSeq)
                        {
                            continue;
                        }

                        request.AfterSeq = entry.Seq;
                    }

                    if (!await show(part, cancellation))
                    {
                        return await ReadAsync(runId, cancellation);
                    }
                }

                var run = await ReadAsync(runId, cancellation);
                if (RunStates.IsEnd(run.Status) && run.LastSeq <= request.AfterSeq)
                {
                    return run;
                }
            }
            catch (RpcException exception) when (Refusals.MayPass(exception) && !cancellation.IsCancellationRequested)
            {
                lostAt = Lost(time.GetElapsedTime(started) > Settled ? null : lostAt, runId);
            }

            await Task.Delay(pause, time, cancellation);
            pause = pause * 2 > LongestPause ? LongestPause : pause * 2;
        }
    }

    private async Task<Run> ReadAsync(string runId, CancellationToken cancellation) =>
        (await connection.Runs.GetRunAsync(new GetRunRequest { Id = runId }, connection.Call(cancellation))).Run;

    private long? Found(long? lostAt)
    {
        if (lostAt is not null)
        {
            notice("Connected again.");
        }

        return null;
    }

    private long Lost(long? lostAt, string runId)
    {
        if (lostAt is not { } since)
        {
            notice($"The connection to {connection.Address} broke; trying again for up to {Patience.TotalSeconds:0} s. The run is safe.");
            return time.GetTimestamp();
        }

        return time.GetElapsedTime(since) < Patience
            ? since
            : throw new CliFailure(
                ExitCodes.Unreachable,
                "lost",
                $"The connection to {connection.Address} broke and the server did not come back within {Patience.TotalSeconds:0} s.",
                $"Start it again with ./minion up: run {runId} goes on where it was. minion run show {runId} follows it.");
    }
}
