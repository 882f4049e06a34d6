using System.Text.Json.Nodes;
using Google.Protobuf;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Clusters.Export;
using Action = Minion.Contracts.Orchestration.V1.Change.Types.Action;

namespace Minion.Orchestration.Tests.Clusters.Export;

public sealed class ExportTests(DefinitionsHost host) : IClassFixture<DefinitionsHost>
{
    [Fact]
    public void Whatever_a_cluster_is_its_export_reads_back_to_the_same()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var cluster = new RandomCluster(seed);
            var yaml = ClusterYaml.Write("random", cluster.Definition, cluster.Models, [.. cluster.Agents.Select(Version)], []);

            var reading = Files.Read(yaml);

            reading.Problems.InOrder.ShouldBeEmpty($"seed {seed}\n{yaml}");
            reading.File!.Definition.IsSame(cluster.Definition).ShouldBeTrue($"seed {seed}\n{reading.File.Definition.Write()}\n{cluster.Definition.Write()}\n{yaml}");
            reading.File.Models.Select(m => JsonNode.Parse(m.Definition.ToJson())!.ToJsonString()).Order().Zip(cluster.Models.Select(m => m.ToJson()).Order())
                .ShouldAllBe(m => JsonNode.DeepEquals(JsonNode.Parse(m.First), JsonNode.Parse(m.Second)), $"seed {seed}\n{yaml}");
            reading.File.Agents.OrderBy(a => a.Definition.Name).Select(a => a.Definition).ShouldBe(cluster.Agents, $"seed {seed}\n{yaml}");
        }
    }

    [Fact]
    public void The_random_clusters_have_every_field_that_an_agent_can_have()
    {
        var agents = Enumerable.Range(0, 500).SelectMany(seed => new RandomCluster(seed).Agents).ToList();

        foreach (var field in AgentDefinition.Descriptor.Fields.InDeclarationOrder())
        {
            agents.ShouldContain(a => !field.Accessor.GetValue(a).Equals(field.Accessor.GetValue(new AgentDefinition { Name = "x" })), $"{field.Name} is never set: add it to RandomCluster.");
        }
    }

    [Fact]
    public async Task Applying_the_export_changes_nothing_and_no_key_is_in_it()
    {
        var caller = host.NewTenant();
        var content = Files.Hello + "\n" + """
            memory: { retention: 30d }
            rollout: { strategy: canary, steps: [10, 100] }
            schedules: [ { name: daily, agent: hello, input: 'Say ${WHAT:-hello}: $${x}', cron: '0 0 8 * * ?', time_zone: Europe/Berlin } ]
            """.ReplaceLineEndings("\n");
        var applied = await host.Clusters.ApplyClusterAsync(
            new ApplyClusterRequest { Content = content, Environment = { ["BIG_URL"] = "http://big/v1", ["BIG_API_KEY"] = "sk-secret" } }, caller);
        applied.Notices.Select(n => n.Split(':')[0]).ShouldBe(["memory", "rollout"]);
        applied.Notices.ShouldAllBe(n => n.Contains("does not act on it", StringComparison.Ordinal));

        var exported = (await host.Clusters.ExportClusterAsync(new ExportClusterRequest { Name = "hello" }, caller)).Content;
        var again = await host.Clusters.ApplyClusterAsync(new ApplyClusterRequest { Content = exported }, caller);

        again.Changes.ShouldAllBe(c => c.Action == Action.Unchanged, exported);
        again.Changes.Count.ShouldBe(5);
        exported.ShouldContain("api_key: \"${BIG_API_KEY}\"");
        exported.ShouldContain("url: \"http://big/v1\"");
        exported.ShouldNotContain("sk-secret");
        exported.ShouldContain("instructions: |\n      You are friendly.\n      You use tools.\n");
        (await host.Clusters.ListClustersAsync(new ListClustersRequest(), caller)).Clusters.ShouldHaveSingleItem().ToString().ShouldContain("\"agents\": 2");
        (await DefinitionsHost.FailureOf(host.Clusters.ExportClusterAsync(new ExportClusterRequest { Name = "hello" }, host.NewTenant()))).Error.StatusCode
            .ShouldBe(Grpc.Core.StatusCode.NotFound);
    }

    private static AgentVersion Version(AgentDefinition definition) =>
        new(Guid.Empty, definition.Name, 1, AgentStatus.Active, definition, "random", default, default);
}
