using Minion.Bench.Echo;
using Minion.Bench.Reporting;

namespace Minion.Bench.Figures;

/// <summary>
/// One client, one call after the other, the time of a call. Services call each other through their gRPC clients in one process too, there over pipes; so
/// what it costs that a role has a process of its own is the second row over the first. What whole runs lose by it says <see cref="RolesFigure"/>.
/// </summary>
internal sealed class CallFigure : IFigure
{
    public string Name => "call";

    public string Description => "what a gRPC call between two roles costs: in one process (over pipes), and between two processes";

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(Measuring measuring, CancellationToken ct)
    {
        await using var here = await EchoHost.StartAsync();
        await using var other = await EchoProcess.StartAsync(ct);
        using var toHere = new EchoCalls(here.Address, here.InProcess);
        using var toOther = new EchoCalls(other.Address);
        var (inOne, method) = await Measuring.InTurnsAsync(
            duration => MicrosecondsAsync(duration, toHere.UnaryAsync), duration => MicrosecondsAsync(duration, MethodAsync), measuring.Duration, ct);
        var (inTwo, inOneBeside) = await Measuring.InTurnsAsync(
            duration => MicrosecondsAsync(duration, toOther.UnaryAsync), duration => MicrosecondsAsync(duration, toHere.UnaryAsync), measuring.Duration, ct);
        return
        [
            new Measurement(Name, "both roles in one process", inOne, "µs") { Reference = method, ReferenceIs = "the method itself" },
            new Measurement(Name, "each role in its own process", inTwo, "µs") { Reference = inOneBeside, ReferenceIs = "in one process" },
        ];
    }

    private static async Task<double> MicrosecondsAsync(TimeSpan duration, Func<Task<long>> call) =>
        1e6 / await Measuring.RateAsync(1, duration, call);

    private static async Task<long> MethodAsync()
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
