using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Minion.Contracts.Callers;
using Minion.Contracts.Tools.V1;
using Minion.Orchestration.Runs.ToolConnections;
using Minion.Orchestration.Tests.Hosting;
using Minion.ServiceDefaults.Callers;
using Minion.Testing.Time;
using Polly.CircuitBreaker;

namespace Minion.Orchestration.Tests.Runs.ToolConnections;

public sealed class ToolConnectionTests(EngineDatabase database) : IClassFixture<EngineDatabase>
{
    [Fact]
    public async Task Calls_fail_at_once_after_repeated_failures_and_are_sent_again_when_one_succeeds()
    {
        await using var host = await EngineHost.StartAsync(database.Database);
        using var wire = new Wire { IsCut = true };
        using var scene = new Scene(host, wire);

        for (var i = 0; i < 4; i++)
        {
            (await Should.ThrowAsync<RpcException>(scene.CallAsync)).StatusCode.ShouldBe(StatusCode.Unavailable);
        }

        var sent = wire.Sent;
        await Should.ThrowAsync<BrokenCircuitException>(scene.CallAsync);
        await Should.ThrowAsync<BrokenCircuitException>(scene.ListAsync);
        wire.Sent.ShouldBe(sent);
        var health = await scene.HealthAsync();
        health.Status.ShouldBe(HealthStatus.Degraded);
        health.Data["since"].ShouldBe(scene.Time.GetUtcNow().ToString("O"));

        scene.Time.Advance(TimeSpan.FromSeconds(3));
        (await Should.ThrowAsync<RpcException>(scene.CallAsync)).StatusCode.ShouldBe(StatusCode.Unavailable);
        await Should.ThrowAsync<BrokenCircuitException>(scene.CallAsync);
        wire.Sent.ShouldBe(sent + 1);

        wire.IsCut = false;
        scene.Time.Advance(TimeSpan.FromSeconds(3));
        (await scene.CallAsync()).Result.ShouldContain("42");
        (await scene.HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task A_look_at_the_health_tries_too_so_that_no_run_has_to()
    {
        await using var host = await EngineHost.StartAsync(database.Database);
        using var wire = new Wire { IsCut = true };
        using var scene = new Scene(host, wire);
        for (var i = 0; i < 4; i++)
        {
            await Should.ThrowAsync<RpcException>(scene.CallAsync);
        }

        wire.IsCut = false;
        (await scene.HealthAsync()).Status.ShouldBe(HealthStatus.Degraded);
        scene.Time.Advance(TimeSpan.FromSeconds(3));
        (await scene.HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
        (await scene.CallAsync()).Result.ShouldContain("42");
    }

    [Fact]
    public async Task A_call_that_the_service_refuses_is_no_reason_to_send_no_more()
    {
        await using var host = await EngineHost.StartAsync(database.Database);
        using var wire = new Wire();
        using var scene = new Scene(host, wire);

        for (var i = 0; i < 10; i++)
        {
            await Should.ThrowAsync<RpcException>(() => scene.CallAsync(key: new string('k', 10_000), tool: ""));
        }

        (await scene.CallAsync()).Result.ShouldContain("42");
    }

    private sealed class Scene : IDisposable
    {
        private readonly GrpcChannel _channel;
        private readonly ToolConnection _connection;
        private readonly CallerSigner _signer;

        public Scene(EngineHost host, Wire wire)
        {
            _channel = GrpcChannel.ForAddress(
                host.Services.GetRequiredService<IConfiguration>()["services:tools:grpc:0"]!, new GrpcChannelOptions { HttpHandler = wire });
            var client = new ToolService.ToolServiceClient(_channel);
            _connection = ActivatorUtilities.CreateInstance<ToolConnection>(host.Services, new ToolClients(client, client, Contexts: null!), Time);
            _signer = host.Services.GetRequiredService<CallerSigner>();
        }

        public ManualTime Time { get; } = new();

        private Metadata Headers => _signer.Headers(new Caller("default", "user:ada", ["*"]), "tools");

        private static DateTime Deadline => TimeProvider.System.GetUtcNow().UtcDateTime.Add(Eventually.Patience);

        public Task<CallToolResponse> CallAsync() => CallAsync("", "calculator");

        public Task<CallToolResponse> CallAsync(string key, string tool) => _connection.CallAsync(
            new CallToolRequest { Name = tool, Arguments = """{"expression":"20+22"}""", IdempotencyKey = key }, Headers, Deadline, _ => { }, CancellationToken.None);

        public Task<ListToolsResponse> ListAsync() => _connection.ListAsync(new ListToolsRequest(), Headers, Deadline, CancellationToken.None);

        public Task<HealthCheckResult> HealthAsync() => new ToolCircuitHealth(_connection, _signer, TimeProvider.System).CheckHealthAsync(new HealthCheckContext());

        public void Dispose() => _channel.Dispose();
    }

    private sealed class Wire : DelegatingHandler
    {
        public Wire()
            : base(new SocketsHttpHandler())
        {
        }

        public bool IsCut { get; set; }

        public int Sent { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Sent++;
            return IsCut ? throw new HttpRequestException(HttpRequestError.ConnectionError, "The wire is cut.") : base.SendAsync(request, cancellationToken);
        }
    }
}
