using Minion.Bench.Echo;
using Minion.Bench.Reporting;

namespace Minion.Bench.Figures;

internal sealed class StreamFigure : IFigure
{
    private const int Messages = 10_000;
    private static readonly int[] Concurrent = [1, 32];

    public string Name => "stream";

    public string Description => "messages of server-streaming gRPC calls between two processes, beside a bare HTTP/2 response written in the same pieces";

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(Measuring measuring, CancellationToken ct)
    {
        await using var other = await EchoProcess.StartAsync(ct);
        var measurements = new List<Measurement>();
        foreach (var clients in Concurrent)
        {
            using var calls = new EchoCalls(other.Address);
            var (value, reference) = await Measuring.InTurnsAsync(
                duration => Measuring.RateAsync(clients, duration, () => calls.StreamAsync(Messages)),
                duration => Measuring.RateAsync(clients, duration, () => calls.BareStreamAsync(Messages)),
                measuring.Duration,
                ct);
            measurements.Add(new Measurement(Name, clients == 1 ? "1 stream" : $"{clients} streams", value, "messages/s")
            {
                Reference = reference,
                ReferenceIs = "bare response",
            });
        }

        return measurements;
    }
}
