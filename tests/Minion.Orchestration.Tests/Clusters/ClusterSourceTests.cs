using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Contracts.Tools.V1;
using Minion.Orchestration.Tests.Hosting;
using Minion.Tools.Sources;
using Action = Minion.Contracts.Orchestration.V1.Change.Types.Action;

namespace Minion.Orchestration.Tests.Clusters;

/// <summary>Cluster files whose tools come from sources that they declare.</summary>
public sealed class ClusterSourceTests(EngineDatabase database) : IClassFixture<EngineDatabase>, IAsyncLifetime
{
    private readonly KitSourceKind _kit = new();
    private EngineHost _host = null!;

    public async ValueTask InitializeAsync() =>
        _host = await EngineHost.StartAsync(database.Database, new Dictionary<string, string?> { ["Engine:Lease"] = "00:01:00" }, services => services.AddSingleton<IToolSourceKind>(_kit));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_source_is_planned_applied_used_changed_and_removed()
    {
        var cluster = EngineHost.NewName();
        var source = "s" + cluster[^8..];
        var one = File(cluster, $"  - {{ name: {source}, kit: {{ tools: [look, drop], key: '${{KIT_TOKEN}}' }} }}\n  - {{ name: {source}_look, cost_usd: 0.5 }}", source);

        var plan = await ApplyAsync(one, dryRun: true);
        Told(plan, "source").ShouldBe([(Action.Created, source)]);
        Told(plan, "policy").ShouldBe([(Action.Created, $"{source}_look")]);
        (await SourcesAsync(cluster)).ShouldBeEmpty();

        await ApplyAsync(one);
        (await SourcesAsync(cluster)).ShouldHaveSingleItem().Settings.ShouldContain("${KIT_TOKEN}");
        (await ApplyAsync(one)).Changes.ShouldAllBe(c => c.Action == Action.Unchanged);

        var run = await _host.UntilAsync((await _host.StartAsync(cluster, "look and drop")).Id, RunStatus.Completed, RunStatus.Failed);
        run.Output.ShouldBe("Looked. Not dropped.");
        _kit.Tools[$"{source}_look"].Calls.ShouldHaveSingleItem();
        _kit.Tools[$"{source}_drop"].Calls.ShouldBeEmpty();

        var exported = (await _host.Clusters.ExportClusterAsync(new ExportClusterRequest { Name = cluster })).Content;
        (await ApplyAsync(exported)).Changes.ShouldAllBe(c => c.Action == Action.Unchanged);

        var other = File(cluster, $"  - {{ name: {source}, kit: {{ tools: [look, drop, find], key: '${{KIT_TOKEN}}' }} }}", source);
        var changed = await ApplyAsync(other);
        Told(changed, "source").ShouldBe([(Action.Updated, source)]);
        changed.Changes.Single(c => c.Kind == "source").Diff.ShouldContain("+");
        Told(changed, "policy").ShouldBe([(Action.Removed, $"{source}_look")]);

        await ApplyAsync(File(cluster, "", source));
        (await SourcesAsync(cluster)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_the_tool_service_finds_wrong_is_said_at_its_place_and_nothing_is_applied()
    {
        var cluster = EngineHost.NewName();
        var file = File(cluster, "  - { name: kita, kit: {} }\n  - { name: kitb, nosuch: {} }", "kita");

        var error = await Should.ThrowAsync<RpcException>(() => ApplyAsync(file));

        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        var fields = FaultDetails.From(error).Fields.Select(f => f.Field).ToList();
        fields.ShouldContain("tools[0].kit.tools");
        fields.ShouldContain("tools[1].nosuch");
        (await SourcesAsync(cluster)).ShouldBeEmpty();
    }

    private static string File(string cluster, string tools, string source) =>
        $$$"""
        apiVersion: minion.dev/v1
        kind: AgentCluster
        metadata: { name: {{{cluster}}} }
        models:
          - name: {{{cluster}}}
            provider: scripted
            script:
              rules:
                - match: look
                  calls: [{ tool: {{{source}}}_look, arguments: { a: 1 } }]
                  say: Looked.
                - match: drop
                  calls: [{ tool: {{{source}}}_drop, arguments: { a: 1 } }]
                  say: Dropped.
                  on_error: Not dropped.
              otherwise: hm
        {{{(tools.Length == 0 ? "" : "tools:\n" + tools)}}}
        agents:
          - name: {{{cluster}}}
            model: {{{cluster}}}
            tools: ['{{{source}}}_*', -{{{source}}}_drop]
        """;

    private async Task<ApplyClusterResponse> ApplyAsync(string content, bool dryRun = false) =>
        await _host.Clusters.ApplyClusterAsync(new ApplyClusterRequest { Content = content, DryRun = dryRun });

    private async Task<IReadOnlyList<ToolSource>> SourcesAsync(string cluster) =>
        (await new RegistryService.RegistryServiceClient(_host.Channel).ListSourcesAsync(new ListSourcesRequest { Cluster = cluster })).Sources;

    private static IEnumerable<(Action Action, string Name)> Told(ApplyClusterResponse response, string kind) =>
        response.Changes.Where(c => c.Kind == kind).Select(c => (c.Action, c.Name));
}
