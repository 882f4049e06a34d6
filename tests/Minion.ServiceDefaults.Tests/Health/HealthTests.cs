using System.Net;
using System.Text.Json;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Minion.ServiceDefaults.Drain;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Minion.ServiceDefaults.Tests.Health;

public sealed class HealthTests
{
    private HealthStatus _database = HealthStatus.Healthy;

    [Fact]
    public async Task Each_dependency_is_shown_with_its_state()
    {
        await using var host = await StartAsync();
        var health = JsonDocument.Parse(await host.Http.GetStringAsync("/health")).RootElement;
        health.GetProperty("status").GetString().ShouldBe("healthy");
        var database = health.GetProperty("checks").GetProperty("database");
        database.GetProperty("status").GetString().ShouldBe("healthy");
        database.GetProperty("detail").GetString().ShouldBe("answers");
        database.GetProperty("data").GetProperty("version").GetString().ShouldBe("15");
        database.GetProperty("duration_ms").GetDouble().ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public async Task A_process_whose_database_is_away_lives_but_is_not_ready()
    {
        _database = HealthStatus.Unhealthy;
        await using var host = await StartAsync();
        (await host.Http.GetAsync("/health")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await host.Http.GetAsync("/ready")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await host.Http.GetAsync("/alive")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await CheckAsync(host, "")).ShouldBe(ServingStatus.NotServing);
    }

    [Fact]
    public async Task A_degraded_dependency_leaves_the_process_ready()
    {
        _database = HealthStatus.Degraded;
        await using var host = await StartAsync();
        var response = await host.Http.GetAsync("/ready");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync()).ShouldStartWith("{\"status\":\"degraded\"");
    }

    [Fact]
    public async Task Grpc_health_knows_the_services_of_this_process()
    {
        await using var host = await StartAsync();
        (await CheckAsync(host, "")).ShouldBe(ServingStatus.Serving);
        (await CheckAsync(host, "minion.tools.v1.ToolService")).ShouldBe(ServingStatus.Serving);
        var unknown = await Should.ThrowAsync<RpcException>(() => CheckAsync(host, "minion.tools.v1.Tool"));
        unknown.StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task Grpc_watch_tells_each_change_and_the_drain()
    {
        await using var host = await StartAsync();
        using var watch = Client(host).Watch(new HealthCheckRequest());
        (await NextAsync(watch)).ShouldBe(ServingStatus.Serving);
        _database = HealthStatus.Unhealthy;
        (await NextAsync(watch)).ShouldBe(ServingStatus.NotServing);
        _database = HealthStatus.Healthy;
        (await NextAsync(watch)).ShouldBe(ServingStatus.Serving);
        host.App.Services.GetRequiredService<Draining>().Start();
        (await NextAsync(watch)).ShouldBe(ServingStatus.NotServing);
        (await watch.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeFalse();
    }

    [Fact]
    public async Task Grpc_watch_of_an_unknown_service_says_so_and_goes_on()
    {
        await using var host = await StartAsync();
        using var watch = Client(host).Watch(new HealthCheckRequest { Service = "nobody" });
        (await NextAsync(watch)).ShouldBe(ServingStatus.ServiceUnknown);
    }

    private static async Task<ServingStatus> CheckAsync(Host host, string service) =>
        (await Client(host).CheckAsync(new HealthCheckRequest { Service = service })).Status;

    private static async Task<ServingStatus> NextAsync(AsyncServerStreamingCall<HealthCheckResponse> watch)
    {
        using var patience = new CancellationTokenSource(Eventually.Patience);
        (await watch.ResponseStream.MoveNext(patience.Token)).ShouldBeTrue();
        return watch.ResponseStream.Current.Status;
    }

    private static Grpc.Health.V1.Health.HealthClient Client(Host host) => new(host.Channel);

    private Task<Host> StartAsync() => Host.StartAsync(services: services => services.AddHealthChecks().AddCheck(
        "database",
        () => new HealthCheckResult(_database, "answers", data: new Dictionary<string, object> { ["version"] = 15 }),
        ["ready"]));
}
