using System.Diagnostics;
using Minion.Bench.Arena;
using Minion.Bench.Echo;
using Minion.Bench.Load;
using Minion.Bench.Reporting;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Bench.Figures;

/// <summary>
/// The runs that wait are made by the engine itself: their tool changes something and does not say whether it did, so they ask a person. The server is started
/// anew before its memory is looked at, so that what is seen is the waiting and not what the work before it has left.
/// </summary>
internal sealed class MemoryFigure : IFigure
{
    private const int Waiting = 10_000;
    private const int Times = 3;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(6);

    public string Name => "memory";

    public string Description => "resident memory of the server, without PostgreSQL: idle, and with 10,000 waiting runs";

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(Measuring measuring, CancellationToken ct)
    {
        await using var database = await Database.StartAsync(measuring.Folder.New("memory"), ct);
        var idle = await IdleAsync(measuring.Folder, database, ct);
        var busy = await WaitAsync(measuring.Folder, database, ct);
        var waiting = await IdleAsync(measuring.Folder, database, ct);
        return
        [
            new Measurement(Name, $"idle, median of {Times} starts", idle.Memory, "MB") { Aim = Aim.AtMost(150) },
            new Measurement(Name, $"more with {Waiting:#,0} waiting runs, median of {Times} starts", waiting.Memory - idle.Memory, "MB") { Aim = Aim.AtMost(10) },
            new Measurement(Name, "the process that has just brought them there", busy, "MB"),
            new Measurement(Name, $"a core's time with {Waiting:#,0} waiting runs, median of {Times} starts", waiting.Core, "%") { Reference = idle.Core, ReferenceIs = "idle" },
        ];
    }

    /// <summary>Megabytes after a while, and the share of a core, in percent, that the server takes from then on.</summary>
    private static async Task<(double Memory, double Core)> IdleAsync(WorkFolder folder, Database database, CancellationToken ct)
    {
        var (memory, core) = (new List<double>(), new List<double>());
        for (var i = 0; i < Times; i++)
        {
            await using var server = await ServerProcess.StartAsync(folder, database, ct);
            await Task.Delay(Settling, ct);
            memory.Add(server.MemoryMb);
            var (used, clock) = (server.ProcessorTime, Stopwatch.StartNew());
            await Task.Delay(Settling, ct);
            core.Add(100 * (server.ProcessorTime - used) / clock.Elapsed);
        }

        return (Measuring.Median(memory), Measuring.Median(core));
    }

    private static async Task<double> WaitAsync(WorkFolder folder, Database database, CancellationToken ct)
    {
        await using var tools = await EchoProcess.StartAsync(ct);
        await using var server = await ServerProcess.StartAsync(
            folder, database, ct, "--role", "orchestration,migrate", $"--services:tools:grpc:0={tools.Address}");
        await server.Clusters.ApplyClusterAsync(new ApplyClusterRequest { Content = ClusterText.OfWaiter, Source = "bench.yaml" }, cancellationToken: ct);
        await WaitingRuns.StartAsync(server, database, Waiting, ct);

        await Task.Delay(Settling, ct);
        return server.MemoryMb;
    }
}
