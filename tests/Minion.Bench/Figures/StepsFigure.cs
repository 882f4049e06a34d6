using Minion.Bench.Arena;
using Minion.Bench.Load;
using Minion.Bench.Reporting;

namespace Minion.Bench.Figures;

internal sealed class StepsFigure : IFigure
{
    private static readonly (int Clients, double Ratio)[] Cases = [(1, 0.63), (32, 1.5), (128, 2.4), (512, 4)];

    public string Name => "steps";

    public string Description => "durable steps of runs (model, tool, model) through a whole server, beside pgbench's single-row inserts into the same PostgreSQL";

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(Measuring measuring, CancellationToken ct)
    {
        var folder = measuring.Folder.New("steps");
        await using var database = await Database.StartAsync(folder, ct);
        await using var server = await ServerProcess.StartAsync(measuring.Folder, database, ct);
        var load = new RunLoad(database, [server]);
        await load.PrepareAsync(ct);
        var pgbench = new PgBench(database, folder);
        var measurements = new List<Measurement>();
        foreach (var (clients, ratio) in Cases)
        {
            Task<double> ReferenceAsync(TimeSpan duration) => pgbench.IsInstalled ? pgbench.InsertsAsync(clients, duration, ct) : Task.FromResult(0.0);
            measurements.Add(await MeasureAsync($"{Clients(clients)} watching each run to its end", d => load.WatchedAsync(clients, d, ct)));
            measurements.Add(await MeasureAsync($"{Clients(clients)} only starting runs", d => load.StartedAsync(clients, d, ct)));
            measurements.Add(new Measurement(Name, $"{Clients(clients)} only starting runs: the server's processor time", load.ProcessorTime.TotalMicroseconds, "µs/step"));

            async Task<Measurement> MeasureAsync(string name, Func<TimeSpan, Task<double>> steps)
            {
                var (value, reference) = await Measuring.InTurnsAsync(steps, ReferenceAsync, measuring.Duration, ct);
                return new Measurement(Name, name, value, "steps/s")
                {
                    Reference = pgbench.IsInstalled ? reference : null,
                    ReferenceIs = pgbench.IsInstalled ? $"pgbench, {Clients(clients)}" : "pgbench is not installed",
                    Aim = Aim.RatioOf(ratio),
                };
            }
        }

        return measurements;
    }

    private static string Clients(int number) => number == 1 ? "1 client" : $"{number} clients";
}
