using Minion.Bench.Arena;
using Minion.Bench.Reporting;

namespace Minion.Bench.Figures;

internal sealed class UpFigure : IFigure
{
    private const int Times = 5;

    public string Name => "up";

    public string Description => "./minion up on an existing data folder, from the start of the command until all of it is ready";

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(Measuring measuring, CancellationToken ct)
    {
        var folder = measuring.Folder.New("up");
        var took = new List<double>();
        for (var i = 0; i <= Times; i++)
        {
            try
            {
                var up = await Command.RunAsync(Root.CommandLine, ["up", "--detach", "--data", folder, "--http", "0", "--grpc", "0"], environment: null, ct);
                took.Add(up.Took.TotalSeconds);
            }
            finally
            {
                await Command.RunAsync(Root.CommandLine, ["down", "--data", folder], environment: null, CancellationToken.None);
            }
        }

        return
        [
            new Measurement(Name, "a new data folder, once", took[0], "s"),
            new Measurement(Name, $"an existing data folder, median of {Times}", Measuring.Median(took.Skip(1)), "s") { Aim = Aim.AtMost(2) },
        ];
    }
}
