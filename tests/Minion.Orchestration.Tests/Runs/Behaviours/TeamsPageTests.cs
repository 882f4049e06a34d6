using System.Text.RegularExpressions;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Tests.Hosting;

namespace Minion.Orchestration.Tests.Runs.Behaviours;

/// <summary>What <c>docs/teams.md</c> shows.</summary>
public sealed class TeamsPageTests(EngineDatabase database) : IClassFixture<EngineDatabase>
{
    private const string Agents = """
        apiVersion: minion.dev/v1
        kind: AgentCluster
        metadata: { name: page }
        models:
          - { name: default, provider: scripted, script: { otherwise: fine } }
        agents:
          - { name: research }
          - { name: writer }
          - { name: reviewer }
          - { name: editor }
          - { name: support }
          - { name: oncall }
          - { name: translator }
          - { name: billing }
          - { name: desk-clerk }

        """;

    private static readonly string Page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "teams.md"));

    [Fact]
    public async Task Every_file_of_the_page_can_be_applied()
    {
        await using var host = await EngineHost.StartAsync(database.Database);
        var blocks = Blocks("yaml");

        blocks.Count.ShouldBeGreaterThan(8);
        foreach (var block in blocks)
        {
            // An agent of the page joins those that are there.
            var content = block.StartsWith("agents:", StringComparison.Ordinal) ? Agents + block["agents:\n".Length..] : Agents + block;
            var applied = await host.Clusters.ApplyClusterAsync(new ApplyClusterRequest { Content = content, Source = "teams.md" });
            applied.Changes.ShouldContain(c => c.Kind == "agent", block);
        }
    }

    [Fact]
    public async Task Its_pipeline_runs()
    {
        await using var host = await EngineHost.StartAsync(database.Database);
        await host.Clusters.ApplyClusterAsync(new ApplyClusterRequest { Content = Agents + Blocks("yaml")[0], Source = "teams.md" });

        (await host.UntilAsync((await host.StartAsync("article", "x")).Id, RunStatus.Completed, RunStatus.Failed)).Output.ShouldBe("fine");
    }

    [Fact]
    public void Its_behaviour_is_the_one_that_is_tested() =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "TwoViews.cs")).ShouldContain(Blocks("csharp")[0].Trim());

    private static List<string> Blocks(string language) =>
        [.. Regex.Matches(Page, $"```{language}\\n(.*?)```", RegexOptions.Singleline).Select(m => m.Groups[1].Value)];
}
