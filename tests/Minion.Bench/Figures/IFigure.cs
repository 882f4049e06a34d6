using Minion.Bench.Reporting;

namespace Minion.Bench.Figures;

/// <summary>Something that the bench can measure.</summary>
internal interface IFigure
{
    string Name { get; }

    string Description { get; }

    Task<IReadOnlyList<Measurement>> MeasureAsync(Measuring measuring, CancellationToken ct);
}
