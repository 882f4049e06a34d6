using Minion.Bench.Echo;
using Minion.Bench.Reporting;

namespace Minion.Bench.Figures;

internal sealed class CallFigure : IFigure
{
    public string Name => "call";

    public string Description => "what one gRPC call costs over a call of the same method in the process";

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(Measuring measuring, CancellationToken ct)
    {
        await using var here = await EchoHost.StartAsync();
        await using var other = await EchoProcess.StartAsync(ct);
        using var toHere = new EchoCalls(here.Address);
        using var toOther = new EchoCalls(other.Address);
        return
        [
            await CompareAsync("gRPC, client and service in one process", toHere),
            await CompareAsync("gRPC, client and service in two processes", toOther),
        ];

        async Task<Measurement> CompareAsync(string name, EchoCalls calls)
        {
            var (value, reference) = await Measuring.InTurnsAsync(
                duration => MicrosecondsAsync(duration, calls.UnaryAsync), duration => MicrosecondsAsync(duration, InProcessAsync), measuring.Duration, ct);
            return new Measurement(Name, name, value, "µs") { Reference = reference, ReferenceIs = "in process" };
        }
    }

    private static async Task<double> MicrosecondsAsync(TimeSpan duration, Func<Task<long>> call) =>
        1e6 / await Measuring.RateAsync(1, duration, call);

    private static async Task<long> InProcessAsync()
    {
        const int times = 100;
        var service = new EchoService();
        for (var i = 0; i < times; i++)
        {
            await service.Unary(EchoCalls.Message, null!);
        }

        return times;
    }
}
