using Minion.Bench.Arena;
using Minion.Bench.Load;
using Minion.Bench.Reporting;

namespace Minion.Bench.Figures;

/// <summary>The same load on one, two and four whole servers with one database; all of them share the machine's cores.</summary>
internal sealed class WorkersFigure : IFigure
{
    private const int Clients = 128;
    private static readonly int[] Processes = [1, 2, 4];

    public string Name => "workers";

    public string Description => "durable steps with 1, 2 and 4 server processes on one database, beside one process";

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(Measuring measuring, CancellationToken ct)
    {
        await using var database = await Database.StartAsync(measuring.Folder.New("workers"), ct);
        var servers = new List<ServerProcess>();
        try
        {
            var measurements = new List<Measurement>();
            var one = 0.0;
            foreach (var processes in Processes)
            {
                while (servers.Count < processes)
                {
                    servers.Add(await ServerProcess.StartAsync(measuring.Folder, database, ct));
                }

                var load = new RunLoad(database, servers);
                await load.PrepareAsync(ct);
                var rates = new List<double>();
                for (var round = 0; round < 3; round++)
                {
                    rates.Add(await load.StartedAsync(Clients, measuring.Duration, ct));
                }

                var rate = Measuring.Median(rates);
                one = one == 0 ? rate : one;
                measurements.Add(new Measurement(Name, $"{Clients} clients, {processes} {(processes == 1 ? "process" : "processes")}", rate, "steps/s") { Reference = one, ReferenceIs = "one process" });
                measurements.Add(new Measurement(Name, "the same: the servers' processor time", load.ProcessorTime.TotalMicroseconds, "µs/step"));
            }

            return measurements;
        }
        finally
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }
}
