using Minion.Contracts.Orchestration.V1;
using Minion.Testing.Otlp;

namespace Minion.AppHost.Tests.Running;

/// <summary>One application with three orchestration processes for all tests of the collection; each leaves it as it was.</summary>
public sealed class ApplicationFixture : IAsyncLifetime
{
    private readonly TestFolder _folder = new();

    public TestApplication Application { get; private set; } = null!;

    public OtlpCollector Collector { get; private set; } = null!;

    public string Data => _folder.Data;

    public async ValueTask InitializeAsync()
    {
        Collector = await OtlpCollector.StartAsync();
        Application = await TestApplication.StartAsync(_folder.Data, replicas: 3, Collector.GrpcEndpoint);
        await new ClusterService.ClusterServiceClient(Application.Connect()).ApplyClusterAsync(
            new ApplyClusterRequest { Content = Cluster, Source = "apphost.yaml" });
    }

    public async ValueTask DisposeAsync()
    {
        await Application.DisposeAsync();
        await Collector.DisposeAsync();
        _folder.Dispose();
    }

    private const string Cluster =
        """
        apiVersion: minion.dev/v1
        kind: AgentCluster
        metadata: { name: apphost }
        models:
          - name: quick
            provider: scripted
            script:
              rules:
                - match: 'add (?<a>\d+) (?<b>\d+)'
                  calls: [ { tool: calculator, arguments: { expression: '{{a}} + {{b}}' } } ]
                  say: 'that is {{calculator.text}}'
                  on_error: 'no calculator'
              otherwise: nothing
          - name: slow
            provider: scripted
            script:
              delay: 100ms
              rules:
                - match: 'add (?<a>\d+) (?<b>\d+)'
                  sequence: true
                  calls:
                    - { tool: calculator, arguments: { expression: '{{a}} + {{b}}' } }
                    - { tool: calculator, arguments: { expression: '{{calls.0.value}} * 2' } }
                  say: 'after a while and in many slow words that take some time the sum is {{calls.0.value}} and twice that is {{calls.1.value}}'
              otherwise: nothing
        agents:
          - { name: quick, instructions: Adds., model: quick, behaviour: react, tools: [calculator] }
          - { name: slow, instructions: Adds., model: slow, behaviour: react, tools: [calculator] }
        """;
}

[CollectionDefinition(Name)]
public sealed class ApplicationCollection : ICollectionFixture<ApplicationFixture>
{
    public const string Name = "application";
}
