using Minion.Bench.Arena;
using Minion.Bench.Reporting;

namespace Minion.Bench.Figures;

internal sealed class VersionFigure : IFigure
{
    private const int Times = 15;

    public string Name => "version";

    public string Description => "./minion version, the whole process";

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(Measuring measuring, CancellationToken ct)
    {
        var took = new List<double>();
        for (var i = 0; i <= Times; i++)
        {
            took.Add((await Command.RunAsync(Root.CommandLine, ["version"], environment: null, ct)).Took.TotalMilliseconds);
        }

        return [new Measurement(Name, $"median of {Times}", Measuring.Median(took.Skip(1)), "ms") { Aim = Aim.AtMost(150) }];
    }
}
