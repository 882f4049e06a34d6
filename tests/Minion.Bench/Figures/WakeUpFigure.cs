using Minion.Bench.Arena;
using Minion.Bench.Echo;
using Minion.Bench.Load;
using Minion.Bench.Reporting;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Bench.Figures;

/// <summary>
/// One answer after the other, each to a run that waits for a person. With two processes the one that takes the answers has its only slot taken, so that the
/// other one goes on with the run: it hears of it by NOTIFY.
/// </summary>
internal sealed class WakeUpFigure : IFigure
{
    private const int Answers = 400;
    private const int Warm = 100;
    private const double MostMilliseconds = 20;

    public string Name => "wakeup";

    public string Description => "from an answer to the next step of the run that waited for it";

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(Measuring measuring, CancellationToken ct)
    {
        await using var database = await Database.StartAsync(measuring.Folder.New("wakeup"), ct);
        await using var tools = await EchoProcess.StartAsync(ct);
        string[] arguments = ["--role", "orchestration,migrate", $"--services:tools:grpc:0={tools.Address}"];
        List<double> alone, two;
        await using (var one = await ServerProcess.StartAsync(measuring.Folder, database, ct, arguments))
        {
            alone = await MeasureAsync(database, one, one, ct);
        }

        await using var other = await ServerProcess.StartAsync(measuring.Folder, database, ct, arguments);
        await using var busy = await ServerProcess.StartAsync(measuring.Folder, database, ct, [.. arguments, "--Engine:Capacity=1"]);
        var speech = await KeepBusyAsync(busy, ct);
        two = await MeasureAsync(database, other, busy, ct);
        await busy.Runs.CancelRunAsync(new CancelRunRequest { Id = speech }, cancellationToken: ct);
        return [.. Rows("one process", alone), .. Rows("one process takes the answer, another goes on", two)];
    }

    /// <summary>Gives the server a run that takes longer than the measurement.</summary>
    private static async Task<string> KeepBusyAsync(ServerProcess server, CancellationToken ct)
    {
        await server.Clusters.ApplyClusterAsync(new ApplyClusterRequest { Content = ClusterText.OfSpeaker(words: 600, pause: 1_000), Source = "bench.yaml" }, cancellationToken: ct);
        var run = (await server.Runs.StartRunAsync(new StartRunRequest { Agent = ClusterText.Speaker, Input = "speak" }, cancellationToken: ct)).Run;
        return run.Status == RunStatus.Running ? run.Id : throw new InvalidOperationException("The server did not take the run itself.");
    }

    private static async Task<List<double>> MeasureAsync(Database database, ServerProcess started, ServerProcess answered, CancellationToken ct)
    {
        var took = new List<double>(Answers);
        foreach (var (run, i) in (await WaitingRuns.StartAsync(started, database, Warm + Answers, ct)).Select((run, i) => (run, i)))
        {
            var milliseconds = await Answering.MillisecondsAsync(answered, run, ct);
            if (i >= Warm)
            {
                took.Add(milliseconds);
            }
        }

        took.Sort();
        return took;
    }

    private IEnumerable<Measurement> Rows(string where, List<double> sorted) =>
    [
        new Measurement(Name, $"{where}: p50 of {sorted.Count}", sorted[sorted.Count / 2], "ms"),
        new Measurement(Name, $"{where}: p99", sorted[sorted.Count * 99 / 100], "ms") { Aim = Aim.AtMost(MostMilliseconds) },
    ];
}
