using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Minion.Conformance.Models;
using Minion.Models.Resilience;
using Minion.ServiceDefaults.Telemetry;
using Minion.Testing.Ports;
using Minion.Testing.Time;

namespace Minion.Models.Tests.Resilience;

public sealed class EndpointProbeTests : IDisposable
{
    private readonly ServiceProvider _host = ModelHost.Start();
    private readonly ManualTime _time = new();
    private readonly ResilienceOptions _options = new() { LeastAttempts = 2, BreakSeconds = 10, ProbeSeconds = 5 };

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task No_call_is_spent_on_a_broken_endpoint_until_it_takes_connections_again()
    {
        using var port = new ReservedPort();
        var upstreams = new Upstreams(_options, _time, _host.GetRequiredService<MinionTelemetry>());
        var circuit = upstreams.Of(new ModelDefinition { Name = "m", Provider = "openai-compatible", Model = "m", Url = $"{port.Url}/v1" }, "t");
        Break(circuit);
        using var probe = new EndpointProbe(upstreams, _options, new ProviderServices(_time, _ => null));

        _time.Advance(TimeSpan.FromSeconds(9));
        await probe.LookAsync(default);
        _time.Advance(TimeSpan.FromSeconds(2));
        circuit.TryEnter(out _, out _).ShouldBeFalse("the break is over, but nobody listens there");

        using var endpoint = new TcpListener(IPAddress.Loopback, port.Number);
        endpoint.Start();
        await probe.LookAsync(default);
        _time.Advance(TimeSpan.FromSeconds(7));
        circuit.TryEnter(out _, out _).ShouldBeTrue();
    }

    private static void Break(Circuit circuit)
    {
        while (circuit.TryEnter(out var entry, out _))
        {
            entry.Failed(null);
        }
    }
}
