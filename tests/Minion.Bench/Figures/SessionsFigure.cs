using System.Diagnostics;
using Grpc.Core;
using Minion.Bench.Arena;
using Minion.Bench.Load;
using Minion.Bench.Reporting;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Bench.Figures;

/// <summary>Conversations that stream at the same time: each has a turn whose answer comes word by word, and somebody who reads along.</summary>
internal sealed class SessionsFigure : IFigure
{
    private const int Words = 200;
    private const int Pause = 50;
    private static readonly int[] Sessions = [1, 100, 1_000];

    public string Name => "sessions";

    public string Description => "sessions that stream at the same time: how long an answer takes, beside one session alone";

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(Measuring measuring, CancellationToken ct)
    {
        await using var database = await Database.StartAsync(measuring.Folder.New("sessions"), ct);
        await using var server = await ServerProcess.StartAsync(measuring.Folder, database, ct, "--Engine:Capacity=2000");
        await server.Clusters.ApplyClusterAsync(new ApplyClusterRequest { Content = ClusterText.OfSpeaker(Words, Pause), Source = "bench.yaml" }, cancellationToken: ct);
        await StreamAsync(server, 100, ct);
        var measurements = new List<Measurement>();
        var alone = 0.0;
        foreach (var sessions in Sessions)
        {
            var memory = server.MemoryMb;
            var (took, parts) = await StreamAsync(server, sessions, ct);
            alone = alone == 0 ? took[took.Count / 2] : alone;
            var name = sessions == 1 ? "1 session" : $"{sessions:#,0} sessions";
            measurements.Add(new Measurement(Name, $"{name}: an answer of {Words} words, p50", took[took.Count / 2], "ms") { Reference = alone, ReferenceIs = "one alone" });
            measurements.Add(new Measurement(Name, $"{name}: the slowest", took[^1], "ms") { Reference = alone, ReferenceIs = "one alone" });
            measurements.Add(new Measurement(Name, $"{name}: parts", parts / (took[^1] / 1000), "parts/s"));
            measurements.Add(new Measurement(Name, $"{name}: more memory for each", (server.MemoryMb - memory) * 1024 / sessions, "kB"));
        }

        return measurements;
    }

    /// <summary>Milliseconds from the start of each turn to its end at its reader, sorted, and how many parts they read in all.</summary>
    private static async Task<(List<double> Took, long Parts)> StreamAsync(ServerProcess server, int number, CancellationToken ct)
    {
        var client = new SessionService.SessionServiceClient(server.Channel);
        var sessions = new List<string>();
        for (var i = 0; i < number; i++)
        {
            sessions.Add((await client.CreateSessionAsync(new CreateSessionRequest { Agent = ClusterText.Speaker }, cancellationToken: ct)).Session.Id);
        }

        var parts = 0L;
        var took = await Task.WhenAll(sessions.Select(async session =>
        {
            var clock = Stopwatch.StartNew();
            var run = (await server.Runs.StartRunAsync(new StartRunRequest { Agent = ClusterText.Speaker, SessionId = session, Input = "speak" }, cancellationToken: ct)).Run;
            using var call = server.Runs.WatchRun(new WatchRunRequest { RunId = run.Id }, cancellationToken: ct);
            while (await call.ResponseStream.MoveNext(ct))
            {
                Interlocked.Increment(ref parts);
            }

            return clock.Elapsed.TotalMilliseconds;
        }));
        return ([.. took.Order()], parts);
    }
}
