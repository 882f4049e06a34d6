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
    private const int Steps = 5_000;
    private const int Window = 250;
    private const int Brief = 20;
    private const int MostResumeMilliseconds = 100;

    // The steps before the first ones that count also have what was compiled for the first time.
    private const int Skipped = 500;

    public string Name => "long-run";

    public string Description => "a run of 5,000 steps: its last steps beside its first ones, and how soon it goes on after a restart of the server";

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(Measuring measuring, CancellationToken ct)
    {
        await using var database = await Database.StartAsync(measuring.Folder.New("long-run"), ct);
        await using var tools = await EchoProcess.StartAsync(ct);
        string[] arguments = ["--role", "orchestration,migrate", $"--services:tools:grpc:0={tools.Address}"];
        string run;
        var brief = new List<string>();
        await using (var server = await ServerProcess.StartWalkingAsync(measuring.Folder, database, ct, arguments))
        {
            await server.Clusters.ApplyClusterAsync(new ApplyClusterRequest { Content = ClusterText.OfWalker(Steps), Source = "bench.yaml" }, cancellationToken: ct);
            for (var i = 0; i < Brief; i++)
            {
                brief.Add(await StartAsync(server, $"{ClusterText.Walker}-of-one", ct));
            }

            run = await StartAsync(server, ClusterText.Walker, ct);
            await WaitingRuns.UntilWaitingAsync(database, Brief + 1, ct);
        }

        await using var again = await ServerProcess.StartWalkingAsync(measuring.Folder, database, ct, arguments);
        foreach (var warm in brief.Skip(1))
        {
            await Answering.MillisecondsAsync(again, warm, ct);
        }

        var reference = await Answering.MillisecondsAsync(again, brief[0], ct);
        var resume = await Answering.MillisecondsAsync(again, run, ct);
        var (first, last) = (await StepAsync(database, run, Skipped, ct), await StepAsync(database, run, Steps - Window, ct));
        return
        [
            new Measurement(Name, $"a step, steps {Steps - Window} to {Steps}", last, "µs") { Reference = first, ReferenceIs = $"steps {Skipped} to {Skipped + Window}" },
            new Measurement(Name, "going on after a restart", resume, "ms") { Reference = reference, ReferenceIs = "a run of one step", Aim = Aim.AtMost(MostResumeMilliseconds) },
        ];
    }

    private static async Task<string> StartAsync(ServerProcess server, string agent, CancellationToken ct) =>
        (await server.Runs.StartRunAsync(new StartRunRequest { Agent = agent, Input = "walk" }, cancellationToken: ct)).Run.Id;

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
