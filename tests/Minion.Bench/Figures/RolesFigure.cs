using Minion.Bench.Arena;
using Minion.Bench.Load;
using Minion.Bench.Reporting;

namespace Minion.Bench.Figures;

/// <summary>
/// The same load on the distributed application: each role in a process of its own, started as the AppHost starts it, and beside it on one process with all
/// roles. All of them share the machine; several orchestration processes are there so that one may die, and help only where there are cores for them.
/// </summary>
internal sealed class RolesFigure : IFigure
{
    private const int Clients = 32;

    public string Name => "roles";

    public string Description => "durable steps with the roles in processes of their own (tools, 1 and 2 of orchestration), beside all of them in one process";

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(Measuring measuring, CancellationToken ct)
    {
        await using var databaseOfOne = await Database.StartAsync(measuring.Folder.New("one"), ct);
        await using var one = await ServerProcess.StartAsync(measuring.Folder, databaseOfOne, ct);
        await using var database = await Database.StartAsync(measuring.Folder.New("roles"), ct);
        await using var roles = await RoleProcesses.StartAsync(measuring.Folder, database, orchestrations: 2, ct);

        var beside = new RunLoad(databaseOfOne, [one]);
        await beside.PrepareAsync(ct);
        await new RunLoad(database, roles.Orchestrations, roles.Tools).PrepareAsync(ct);
        var measurements = new List<Measurement>();
        for (var processes = 1; processes <= roles.Orchestrations.Count; processes++)
        {
            var load = new RunLoad(database, [.. roles.Orchestrations.Take(processes)], roles.Tools);
            var (value, reference) = await Measuring.InTurnsAsync(
                d => load.StartedAsync(Clients, d, ct), d => beside.StartedAsync(Clients, d, ct), measuring.Duration, ct);
            var name = $"{Clients} clients only starting runs, {processes} of orchestration";
            measurements.Add(new Measurement(Name, name, value, "steps/s") { Reference = reference, ReferenceIs = "one process" });
            measurements.Add(new Measurement(Name, $"{name}: the servers' processor time", load.ProcessorTime.TotalMicroseconds, "µs/step")
            {
                Reference = beside.ProcessorTime.TotalMicroseconds,
                ReferenceIs = "one process",
            });
        }

        return measurements;
    }
}
