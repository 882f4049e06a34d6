using System.Diagnostics;
using Grpc.Core;
using Minion.Bench.Arena;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Bench.Load;

/// <summary>Answers what runs wait for, and looks how soon they go on.</summary>
internal static class Answering
{
    /// <summary>Milliseconds from before the answer is sent until a watcher has the next entry, which is then on disk.</summary>
    public static async Task<double> MillisecondsAsync(ServerProcess answered, ServerProcess watched, string run, CancellationToken ct)
    {
        var last = (await watched.Runs.GetRunAsync(new GetRunRequest { Id = run }, cancellationToken: ct)).Run.LastSeq;
        using var call = watched.Runs.WatchRun(new WatchRunRequest { RunId = run, AfterSeq = last, EntriesOnly = true }, cancellationToken: ct);
        var next = call.ResponseStream.MoveNext(ct);
        var clock = Stopwatch.StartNew();
        await answered.Runs.AnswerAsync(new AnswerRequest { RunId = run, Choice = "done" }, cancellationToken: ct);
        if (!await next)
        {
            throw new InvalidOperationException($"The run {run} did not go on.");
        }

        return clock.Elapsed.TotalMilliseconds;
    }
}
