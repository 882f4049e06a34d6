using System.Diagnostics;
using Grpc.Core;
using Minion.Bench.Arena;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Bench.Load;

/// <summary>Runs through a server's API. What is counted is what PostgreSQL has: the outcomes of model and tool calls.</summary>
internal sealed class RunLoad(ServerProcess server, Database database)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    private int _number;

    /// <summary>The server's processor time for a step under the last load.</summary>
    public TimeSpan ProcessorTime { get; private set; }

    public async Task PrepareAsync(CancellationToken ct) =>
        await server.Clusters.ApplyClusterAsync(new ApplyClusterRequest { Content = ClusterText.OfAdder, Source = "bench.yaml" }, cancellationToken: ct);

    /// <summary>Steps per second of clients that start a run, watch it to its end, and start the next.</summary>
    public Task<double> WatchedAsync(int clients, TimeSpan duration, CancellationToken ct) => StepsAsync(
        () => Measuring.RateAsync(clients, duration, async () =>
        {
            using var call = server.Runs.WatchRun(new WatchRunRequest { RunId = await StartAsync(ct), EntriesOnly = true }, cancellationToken: ct);
            var last = default(Entry);
            while (await call.ResponseStream.MoveNext(ct))
            {
                last = call.ResponseStream.Current.Entry;
            }

            return last?.KindCase == Entry.KindOneofCase.Completed ? 1 : throw new InvalidOperationException($"A run of the load ended with {last}.");
        }),
        ct);

    /// <summary>Steps per second of clients that start one run after the other; the time counts until the last of these runs has ended.</summary>
    public Task<double> StartedAsync(int clients, TimeSpan duration, CancellationToken ct) => StepsAsync(
        async () =>
        {
            await Measuring.RateAsync(clients, duration, async () =>
            {
                await StartAsync(ct);
                return 1;
            });
            while (await database.CountAsync("SELECT count(*) FROM orchestration.runs WHERE worker_id IS NOT NULL", ct) > 0
                || await database.CountAsync("SELECT count(*) FROM orchestration.ready", ct) > 0)
            {
                await Task.Delay(Look, ct);
            }
        },
        ct);

    private async Task<double> StepsAsync(Func<Task> load, CancellationToken ct)
    {
        var before = await OutcomesAsync(ct);
        var used = server.ProcessorTime;
        var clock = Stopwatch.StartNew();
        await load();
        var took = clock.Elapsed;
        used = server.ProcessorTime - used;
        var steps = await OutcomesAsync(ct) - before;
        ProcessorTime = used / steps;
        return steps / took.TotalSeconds;
    }

    private Task<long> OutcomesAsync(CancellationToken ct) => database.CountAsync("SELECT count(*) FROM orchestration.entries WHERE is_outcome", ct);

    private async Task<string> StartAsync(CancellationToken ct)
    {
        var request = new StartRunRequest { Agent = ClusterText.Adder, Input = $"add {Interlocked.Increment(ref _number)} 4" };
        return (await server.Runs.StartRunAsync(request, cancellationToken: ct)).Run.Id;
    }
}
