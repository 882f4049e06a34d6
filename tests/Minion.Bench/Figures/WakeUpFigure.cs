using Minion.Bench.Arena;
using Minion.Bench.Echo;
using Minion.Bench.Load;
using Minion.Bench.Reporting;

namespace Minion.Bench.Figures;

/// <summary>One answer after the other, each to a run that waits for a person. Between two processes the wake-up goes by NOTIFY.</summary>
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
        await using var one = await ServerProcess.StartAsync(measuring.Folder, database, ct, arguments);
        var alone = await MeasureAsync(database, one, one, ct);
        await using var other = await ServerProcess.StartAsync(measuring.Folder, database, ct, arguments);
        var two = await MeasureAsync(database, one, other, ct);
        return [.. Rows("one process", alone), .. Rows("two processes, one answered, the other watched", two)];
    }

    private static async Task<List<double>> MeasureAsync(Database database, ServerProcess answered, ServerProcess watched, CancellationToken ct)
    {
        var took = new List<double>(Answers);
        foreach (var (run, i) in (await WaitingRuns.StartAsync(answered, database, Warm + Answers, ct)).Select((run, i) => (run, i)))
        {
            var milliseconds = await Answering.MillisecondsAsync(answered, watched, run, ct);
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
