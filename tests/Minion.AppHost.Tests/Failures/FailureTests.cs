using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Minion.AppHost.Tests.Failures;

/// <summary>What an application says and does when something is wrong; with small programs in place of services.</summary>
public sealed class FailureTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task A_program_that_fails_is_shown_with_its_last_lines_and_what_waits_for_it_is_not_started()
    {
        await using var scene = new Scene();
        var bad = scene.Shell("bad", "echo the disk is full >&2; exit 3");
        scene.Shell("next", "sleep 60").WaitForCompletion(bad);
        scene.Shell("other", "sleep 60");
        var app = await scene.StartAsync();

        await app.ResourceNotifications.WaitForResourceAsync("next", KnownResourceStates.FailedToStart).WaitAsync(Patience);

        var ended = await app.ResourceNotifications.WaitForResourceAsync("bad", e => e.Snapshot.ExitCode is not null).WaitAsync(Patience);
        ended.Snapshot.ExitCode.ShouldBe(3);
        await scene.SaysAsync("bad ended with exit code 3", "the disk is full");
        await scene.SaysAsync("next could not be started", "'bad'", "exit code 3");
        await app.ResourceNotifications.WaitForResourceAsync("other", KnownResourceStates.Running).WaitAsync(Patience);
    }

    [Fact]
    public async Task A_program_that_is_not_installed_is_named()
    {
        await using var scene = new Scene();
        scene.Builder.AddExecutable("missing", "no-such-program-here", "/");
        var app = await scene.StartAsync();

        await app.ResourceNotifications.WaitForResourceAsync("missing", KnownResourceStates.FailedToStart).WaitAsync(Patience);

        await scene.SaysAsync("no-such-program-here");
    }

    [Fact]
    public async Task A_port_that_somebody_else_has_is_named_with_its_endpoint()
    {
        using var somebody = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        somebody.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        somebody.Listen();
        var port = ((IPEndPoint)somebody.LocalEndPoint!).Port;
        await using var scene = new Scene();
        scene.Shell("service", "sleep 60").WithEndpoint(port: port, scheme: "tcp", name: "door", isProxied: false);
        var app = await scene.StartAsync();

        await app.ResourceNotifications.WaitForResourceAsync("service", KnownResourceStates.FailedToStart).WaitAsync(Patience);

        await scene.SaysAsync($"{port}", "'door'");
    }

    [Fact]
    public async Task A_parameter_without_a_value_is_named_with_the_way_to_set_it()
    {
        await using var scene = new Scene();
        var password = scene.Builder.AddParameter("password", secret: true);
        scene.Shell("service", "sleep 60").WithEnvironment("PASSWORD", password);
        var app = await scene.StartAsync();

        await app.ResourceNotifications.WaitForResourceAsync("service", KnownResourceStates.FailedToStart).WaitAsync(Patience);

        await scene.SaysAsync("Parameters:password", "Parameters__password");
    }

    [Fact]
    public async Task A_dependency_that_does_not_become_healthy_keeps_others_waiting()
    {
        await using var scene = new Scene();
        var healthy = false;
        scene.Builder.Services.AddHealthChecks().AddCheck(
            "pulse", () => Volatile.Read(ref healthy) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("no pulse"));
        var slow = scene.Shell("slow", "sleep 60").WithHealthCheck("pulse");
        scene.Shell("next", "sleep 60").WaitFor(slow);
        var app = await scene.StartAsync();

        var sick = await app.ResourceNotifications.WaitForResourceAsync("slow", e => e.Snapshot.HealthReports.Any(r => r.Description == "no pulse")).WaitAsync(Patience);
        sick.Snapshot.HealthStatus.ShouldBe(HealthStatus.Unhealthy);
        await app.ResourceNotifications.WaitForResourceAsync("next", KnownResourceStates.Waiting).WaitAsync(Patience);

        Volatile.Write(ref healthy, value: true);
        await app.ResourceNotifications.WaitForResourceAsync("next", KnownResourceStates.Running).WaitAsync(Patience);
    }

    [Fact]
    public async Task A_dependency_that_stays_unhealthy_is_reported_with_what_is_wrong_since_when_and_its_last_lines()
    {
        await using var scene = new Scene();
        scene.Builder.Services.AddHealthChecks().AddCheck("pulse", () => HealthCheckResult.Unhealthy("no pulse"));
        var sick = scene.Shell("sick", "echo first line; echo still looking for the disk; sleep 60").WithHealthCheck("pulse");
        scene.Shell("next", "sleep 60").WaitFor(sick);
        var app = await scene.StartAsync();
        await app.ResourceNotifications.WaitForResourceAsync("sick", KnownResourceStates.Running).WaitAsync(Patience);

        var report = await scene.LineAsync("next waits for sick").WaitAsync(Patience);

        report.ShouldMatch(@"next waits for sick, which is running but not healthy since \d\d:\d\d:\d\d\. no pulse");
        report.ShouldContain("still looking for the disk");
        await app.ResourceNotifications.WaitForResourceAsync("next", KnownResourceStates.Waiting).WaitAsync(Patience);
    }

    [Fact]
    public async Task A_container_engine_that_does_not_answer_is_named()
    {
        var engine = await Minion.AppHost.Dependencies.ContainerEngine.LookAsync();
        (engine.Answers || engine.Why.Length > 0).ShouldBeTrue();
    }

    [Theory]
    [InlineData("MINION_REPLICAS", "0")]
    [InlineData("MINION_REPLICAS", "many")]
    [InlineData("MINION_TOOLS_REPLICAS", "33")]
    [InlineData("MINION_GRPC", "70000")]
    public async Task A_setting_out_of_its_range_is_named(string name, string value)
    {
        var refused = await Should.ThrowAsync<DistributedApplicationException>(
            () => DistributedApplicationTestingBuilder.CreateAsync<Projects.Minion_AppHost>(["--no-containers", $"--{name}={value}"]));
        refused.Message.ShouldStartWith($"{name} is '{value}'; it takes a number from 1 to ");
    }

    /// <summary>A small application whose log can be read.</summary>
    private sealed class Scene : IAsyncDisposable
    {
        private readonly LogLines _lines = new();
        private DistributedApplication? _app;

        public IDistributedApplicationTestingBuilder Builder { get; } = DistributedApplicationTestingBuilder.Create();

        public IReadOnlyList<string> Log => _lines.All;

        /// <summary>Waits for a line with all of this: what has happened is told by somebody else, who may be slower.</summary>
        public Task SaysAsync(params string[] words) => Eventually.BecomesAsync(
            () => Log, all => all.Any(line => Array.TrueForAll(words, word => line.Contains(word, StringComparison.Ordinal))), string.Join(", ", words));

        /// <summary>The first line that says this, when it comes.</summary>
        public async Task<string> LineAsync(string text)
        {
            return (await Eventually.BecomesAsync(() => Log, all => all.Any(Says), $"a line with '{text}'")).First(Says);

            bool Says(string line) => line.Contains(text, StringComparison.Ordinal);
        }

        public IResourceBuilder<ExecutableResource> Shell(string name, string script) => Builder.AddExecutable(name, "sh", "/", "-c", script);

        public async Task<DistributedApplication> StartAsync()
        {
            Builder.Services.AddLogging(logging => logging.ClearProviders().AddProvider(_lines));
            _app = await Builder.BuildAsync();
            await _app.StartAsync();
            return _app;
        }

        public async ValueTask DisposeAsync()
        {
            if (_app is not null)
            {
                await _app.DisposeAsync();
            }

            await Builder.DisposeAsync();
            _lines.Dispose();
        }
    }
}
