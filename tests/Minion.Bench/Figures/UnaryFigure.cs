using Minion.Bench.Echo;
using Minion.Bench.Reporting;

namespace Minion.Bench.Figures;

internal sealed class UnaryFigure : IFigure
{
    private static readonly int[] Concurrent = [1, 64, 256];

    public string Name => "unary";

    public string Description => "unary gRPC calls between two processes, beside a bare HTTP/2 POST of the same bytes";

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(Measuring measuring, CancellationToken ct)
    {
        await using var other = await EchoProcess.StartAsync(ct);
        var measurements = new List<Measurement>();
        foreach (var clients in Concurrent)
        {
            using var calls = new EchoCalls(other.Address);
            var (value, reference) = await Measuring.InTurnsAsync(
                duration => Measuring.RateAsync(clients, duration, calls.UnaryAsync),
                duration => Measuring.RateAsync(clients, duration, calls.BareUnaryAsync),
                measuring.Duration,
                ct);
            measurements.Add(new Measurement(Name, $"{clients} concurrent", value, "calls/s")
            {
                Reference = reference,
                ReferenceIs = "bare POST",
                Aim = Aim.RatioOf(0.6),
            });
        }

        return measurements;
    }
}
