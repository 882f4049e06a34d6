using Minion.Bench.Arena;
using Minion.Bench.Reporting;
using Minion.Bench.Upstream;

namespace Minion.Bench.Figures;

internal sealed class ModelsFigure : IFigure
{
    private const int Rounds = 3;
    private const int PerSecond = 1_000;
    private const int Streams = 1_000;
    private static readonly int[] Delays = [0, 200];
    private static readonly int[] Concurrent = [1, 64, 512];
    private static readonly int[] Percents = [50, 95, 99];

    public string Name => "models";

    public string Description => "chat completions through the edge and the model gateway, beside the same calls made directly to the endpoint behind them";

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(Measuring measuring, CancellationToken ct)
    {
        await using var database = await Database.StartAsync(measuring.Folder.New("postgres"), ct);
        var measurements = new List<Measurement>();
        foreach (var delay in Delays)
        {
            await using var upstream = await UpstreamProcess.StartAsync(delay, ct);
            await using var server = await ServerProcess.StartAsync(
                measuring.Folder, database, ct, environment: [("MINION_MODEL_URL", upstream.Url), ("MINION_MODEL", "fake")]);
            using var direct = new ChatLoad(upstream.Url);
            using var through = new ChatLoad(server.Http + "v1");
            foreach (var clients in Concurrent)
            {
                measurements.AddRange(await CompareAsync(
                    $"{delay} ms, {clients} concurrent", load => load.ClosedAsync(clients, measuring.Duration), through, direct, withRate: true, aims: false, ct));
            }

            measurements.AddRange(await CompareAsync(
                $"{delay} ms, {PerSecond:#,0} in a second", load => load.OpenAsync(PerSecond, measuring.Duration), through, direct, withRate: false, aims: true, ct));
            if (delay == 0)
            {
                measurements.Add(await MemoryAsync(server, through));
            }
        }

        return measurements;
    }

    /// <summary>In turns, so that a busy moment hits both alike; the median of the rounds of each. What comes first warms both up and does not count.</summary>
    private async Task<List<Measurement>> CompareAsync(
        string name, Func<ChatLoad, Task<Latencies>> measure, ChatLoad through, ChatLoad direct, bool withRate, bool aims, CancellationToken ct)
    {
        await measure(direct);
        await measure(through);
        var (values, references) = (new List<Latencies>(), new List<Latencies>());
        for (var round = 0; round < Rounds; round++)
        {
            ct.ThrowIfCancellationRequested();
            references.Add(await measure(direct));
            values.Add(await measure(through));
        }

        var rows = new List<Measurement>();
        foreach (var percent in Percents)
        {
            var value = Measuring.Median(values.Select(l => l.Percentile(percent)));
            var reference = Measuring.Median(references.Select(l => l.Percentile(percent)));
            rows.Add(new Measurement(Name, $"{name}, p{percent}", value, "ms") { Reference = reference, ReferenceIs = "direct" });
            rows.Add(new Measurement(Name, $"{name}, p{percent} added", value - reference, "ms")
            {
                Aim = !aims ? null : percent == 50 ? Aim.AtMost(0.5) : percent == 99 ? Aim.AtMost(3) : null,
            });
        }

        if (withRate)
        {
            rows.Add(new Measurement(Name, name, Measuring.Median(values.Select(l => l.PerSecond)), "calls/s")
            {
                Reference = Measuring.Median(references.Select(l => l.PerSecond)),
                ReferenceIs = "direct",
            });
        }

        return rows;
    }

    private async Task<Measurement> MemoryAsync(ServerProcess server, ChatLoad through)
    {
        var before = server.MemoryMb;
        var streams = new List<IDisposable>(Streams);
        for (var i = 0; i < Streams; i++)
        {
            streams.Add(await through.OpenStreamAsync());
        }

        var after = server.MemoryMb;
        streams.ForEach(s => s.Dispose());
        return new Measurement(Name, $"memory for each of {Streams:#,0} open streams", (after - before) * 1024 / Streams, "kB");
    }
}
