using System.Globalization;
using Minion.Bench.Arena;
using Minion.Bench.Echo;
using Minion.Bench.Load;
using Minion.Bench.Reporting;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Bench.Figures;

/// <summary>
/// One run of thousands of steps. What a step costs at its end beside what it costs at its beginning is read from the journal's own times; how soon the run is
/// there again is measured on a server that is started anew, by the answer to the question that it waits with.
/// </summary>
internal sealed class LongRunFigure : IFigure
{
    private const int Calls = 2_500;
    private const int Window = 250;
    private const int MostResumeMilliseconds = 100;

    // The journal before the first call also has what was compiled for the first time.
    private const int Skipped = 250;

    public string Name => "long-run";

    public string Description => "a run of 5,000 steps: its last steps beside its first ones, and how soon it goes on after a restart of the server";

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(Measuring measuring, CancellationToken ct)
    {
        await using var database = await Database.StartAsync(measuring.Folder.New("long-run"), ct);
        await using var tools = await EchoProcess.StartAsync(ct);
        string[] arguments = ["--role", "orchestration,migrate", $"--services:tools:grpc:0={tools.Address}"];
        string run;
        IReadOnlyList<string> runs;
        await using (var server = await ServerProcess.StartAsync(measuring.Folder, database, ct, arguments))
        {
            await server.Clusters.ApplyClusterAsync(new ApplyClusterRequest { Content = ClusterText.OfWalker(Calls), Source = "bench.yaml" }, cancellationToken: ct);
            run = (await server.Runs.StartRunAsync(new StartRunRequest { Agent = ClusterText.Walker, Input = "walk" }, cancellationToken: ct)).Run.Id;
            await WaitingRuns.UntilWaitingAsync(database, 1, ct);
            runs = await WaitingRuns.StartAsync(server, database, 20, ct);
        }

        await using var again = await ServerProcess.StartAsync(measuring.Folder, database, ct, arguments);
        foreach (var warm in runs.Take(19))
        {
            await Answering.MillisecondsAsync(again, warm, ct);
        }

        var brief = await Answering.MillisecondsAsync(again, runs[19], ct);
        var resume = await Answering.MillisecondsAsync(again, run, ct);
        var (first, last) = (await StepAsync(database, run, Skipped, ct), await StepAsync(database, run, (2 * Calls) - Window, ct));
        return
        [
            new Measurement(Name, $"a step, steps {(2 * Calls) - Window} to {2 * Calls}", last, "µs") { Reference = first, ReferenceIs = $"steps {Skipped} to {Skipped + Window}" },
            new Measurement(Name, "going on after a restart", resume, "ms") { Reference = brief, ReferenceIs = "a run of one step", Aim = Aim.AtMost(MostResumeMilliseconds) },
        ];
    }

    /// <summary>Microseconds for a step of those from <paramref name="step"/> on.</summary>
    private static async Task<double> StepAsync(Database database, string run, int step, CancellationToken ct) => await database.CountAsync(
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            SELECT (1000000 * extract(epoch FROM max(ended_at) - min(ended_at)) / {Window})::bigint FROM orchestration.entries
            WHERE run_id = '{Guid.Parse(run)}' AND is_outcome AND step BETWEEN {step} AND {step + Window}
            """),
        ct);
}
