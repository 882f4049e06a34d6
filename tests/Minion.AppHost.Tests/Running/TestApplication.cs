using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Minion.Contracts.Orchestration.V1;

namespace Minion.AppHost.Tests.Running;

/// <summary>The real application on a data folder, with its processes.</summary>
public sealed class TestApplication : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly List<GrpcChannel> _channels = [];

    private TestApplication(DistributedApplication app)
    {
        App = app;
        Runs = new RunService.RunServiceClient(Connect());
    }

    public DistributedApplication App { get; }

    public RunService.RunServiceClient Runs { get; }

    /// <summary>Set where containers are to be tested: then nothing keeps the application from using them.</summary>
    private static bool WithContainers => Environment.GetEnvironmentVariable("MINION_TEST_CONTAINERS") == "1";

    public static async Task<TestApplication> StartAsync(string folder, int replicas = 1, string? otlp = null)
    {
        string[] args =
        [
            .. WithContainers ? Array.Empty<string>() : ["--no-containers"], $"--MINION_DATA={folder}", $"--MINION_REPLICAS={replicas}",
            .. otlp is null ? Array.Empty<string>() : [$"--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL={otlp}"],
        ];
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Minion_AppHost>(args);
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Minion.AppHost.Resources", LogLevel.None));
        // One that also a busy machine keeps.
        Resource(builder, "orchestration").WithEnvironment("Engine__Lease", "00:00:10");
        var app = await builder.BuildAsync();
        await app.StartAsync();
        var started = new TestApplication(app);
        try
        {
            await started.HealthyAsync("tools");
            await started.HealthyAsync("orchestration");
            await started.HealthyAsync("edge");
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether the application has this resource.</summary>
    public bool Has(string resource) =>
        App.Services.GetRequiredService<DistributedApplicationModel>().Resources.Any(r => r.Name == resource);

    public Task HealthyAsync(string resource) => App.ResourceNotifications.WaitForResourceHealthyAsync(resource).WaitAsync(Patience);

    /// <summary>A connection of its own: behind several processes each goes to the next one.</summary>
    public GrpcChannel Connect()
    {
        var channel = GrpcChannel.ForAddress(App.GetEndpoint("orchestration", "grpc"));
        _channels.Add(channel);
        return channel;
    }

    /// <summary>The id of the run; a submission that fails for the moment is made again under the same request id.</summary>
    public async Task<string> StartRunAsync(string agent, string input, RunService.RunServiceClient? runs = null)
    {
        var request = new StartRunRequest { Agent = agent, Input = input, RequestId = $"{Guid.NewGuid()}" };
        return (await UntilAvailableAsync(() => (runs ?? Runs).StartRunAsync(request).ResponseAsync, _ => true, "the run to be started")).Run.Id;
    }

    /// <summary>The run when it has ended, whatever happens to the processes meanwhile.</summary>
    public async Task<Run> EndAsync(string id) => (await UntilAvailableAsync(
        () => Runs.GetRunAsync(new GetRunRequest { Id = id }).ResponseAsync,
        found => found.Run.Status is RunStatus.Completed or RunStatus.Failed or RunStatus.Cancelled or RunStatus.Waiting,
        "the run to end")).Run;

    /// <summary>Waits until one of the orchestration processes says this of a dependency in its /health.</summary>
    public Task UntilSomeHealthAsync(string check, string status) => Eventually.HoldsAsync(async () => (await HealthAsync(check)).Contains(status), $"{check} to be {status} somewhere");

    /// <summary>Waits until all of them do.</summary>
    public Task UntilAllHealthAsync(string check, string status) =>
        Eventually.HoldsAsync(async () => (await HealthAsync(check)).All(s => s == status), $"{check} to be {status} everywhere");

    /// <summary>Whether the metrics of one of the orchestration processes have this line.</summary>
    public async Task<bool> MetricsAsync(string line) => (await AskAsync("/metrics")).Any(a => a.Text.Contains(line, StringComparison.Ordinal));

    /// <summary>The processes of a resource that run, by their ids in the application.</summary>
    public IReadOnlyList<(string Id, int Process)> Processes(string resource, int wanted)
    {
        var found = new Dictionary<string, int>();
        using var patience = new CancellationTokenSource(Patience);
        foreach (var next in App.ResourceNotifications.WatchAsync(patience.Token).ToBlockingEnumerable(patience.Token))
        {
            if (next.Resource.Name == resource
                && next.Snapshot.State?.Text == KnownResourceStates.Running
                && next.Snapshot.Properties.FirstOrDefault(p => p.Name == "executable.pid")?.Value is int process)
            {
                found[next.ResourceId] = process;
            }

            if (found.Count == wanted)
            {
                break;
            }
        }

        return [.. found.Select(f => (f.Key, f.Value))];
    }

    /// <summary>Waits until all processes of a resource say that they are ready.</summary>
    public Task UntilReadyAsync(string resource) => Eventually.HoldsAsync(
        async () => (await AskAsync("/ready", resource)).All(a => a.IsSuccess), $"{resource} to be ready", passing: e => e is HttpRequestException);

    public async ValueTask DisposeAsync()
    {
        _channels.ForEach(c => c.Dispose());
        await App.DisposeAsync();
    }

    private async Task<List<string>> HealthAsync(string check) =>
        [.. (await AskAsync("/health")).Select(a => JsonNode.Parse(a.Text)!["checks"]?[check]?["status"]?.GetValue<string>() ?? "absent")];

    /// <summary>Each connection goes to the next process; others connect meanwhile, so more than one for each process is made.</summary>
    private async Task<List<(bool IsSuccess, string Text)>> AskAsync(string path, string resource = "orchestration")
    {
        var answers = new List<(bool IsSuccess, string Text)>();
        for (var i = 0; i < 9; i++)
        {
            using var client = new HttpClient { BaseAddress = App.GetEndpoint(resource, "http") };
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            answers.Add((answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync()));
        }

        return answers;
    }

    /// <summary>A connection whose process is gone goes to another one with its next call.</summary>
    private static Task<T> UntilAvailableAsync<T>(Func<Task<T>> call, Func<T, bool> wanted, string what) =>
        Eventually.BecomesAsync(call, wanted, what, passing: e => e is Grpc.Core.RpcException { StatusCode: Grpc.Core.StatusCode.Unavailable });

    private static IResourceBuilder<ProjectResource> Resource(IDistributedApplicationTestingBuilder builder, string name) =>
        builder.CreateResourceBuilder((ProjectResource)builder.Resources.Single(r => r.Name == name));
}
