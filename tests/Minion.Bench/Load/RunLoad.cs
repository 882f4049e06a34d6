using System.Diagnostics;
using Grpc.Core;
using Minion.Bench.Arena;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Bench.Load;

/// <summary>Runs through the API of servers, in turn. What is counted is what PostgreSQL has: the outcomes of model and tool calls.</summary>
/// <param name="database">The servers' database.</param>
/// <param name="servers">Those that take runs.</param>
/// <param name="behind">Those that they call.</param>
internal sealed class RunLoad(Database database, IReadOnlyList<ServerProcess> servers, params IReadOnlyList<ServerProcess> behind)
{
    private const int WarmClients = 32;
    private static readonly TimeSpan Warmth = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    private int _number;
    private int _next;

    /// <summary>The servers' processor time for a step under the last load.</summary>
    public TimeSpan ProcessorTime { get; private set; }

    /// <summary>Applies the agents, and lets the servers run long enough to be compiled for good.</summary>
    public async Task PrepareAsync(CancellationToken ct)
    {
        await servers[0].Clusters.ApplyClusterAsync(new ApplyClusterRequest { Content = ClusterText.OfAdder, Source = "bench.yaml" }, cancellationToken: ct);
        await WatchedAsync(WarmClients, Warmth / 2, ct);
        await StartedAsync(WarmClients, Warmth / 2, ct);
    }

    /// <summary>Steps per second of clients that start a run, watch it to its end, and start the next.</summary>
    public Task<double> WatchedAsync(int clients, TimeSpan duration, CancellationToken ct) => StepsAsync(
        () => Measuring.RateAsync(clients, duration, async () =>
        {
            var server = Next();
            using var call = server.Runs.WatchRun(new WatchRunRequest { RunId = await StartAsync(server, ct), EntriesOnly = true }, cancellationToken: ct);
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
                await StartAsync(Next(), ct);
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
        var used = Used();
        var clock = Stopwatch.StartNew();
        await load();
        var took = clock.Elapsed;
        used = Used() - used;
        var steps = await OutcomesAsync(ct) - before;
        ProcessorTime = used / steps;
        return steps / took.TotalSeconds;
    }

    private Task<long> OutcomesAsync(CancellationToken ct) => database.CountAsync("SELECT count(*) FROM orchestration.entries WHERE is_outcome", ct);

    private TimeSpan Used() => servers.Concat(behind).Aggregate(TimeSpan.Zero, (sum, s) => sum + s.ProcessorTime);

    private ServerProcess Next() => servers[(int)((uint)Interlocked.Increment(ref _next) % servers.Count)];

    private async Task<string> StartAsync(ServerProcess server, CancellationToken ct)
    {
        var request = new StartRunRequest { Agent = ClusterText.Adder, Input = $"add {Interlocked.Increment(ref _number)} 4" };
        return (await server.Runs.StartRunAsync(request, cancellationToken: ct)).Run.Id;
    }
}
