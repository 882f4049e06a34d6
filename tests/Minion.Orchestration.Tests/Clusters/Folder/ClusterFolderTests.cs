using Grpc.Core;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Tests.Hosting;

namespace Minion.Orchestration.Tests.Clusters.Folder;

public sealed class ClusterFolderTests(EngineDatabase database) : IClassFixture<EngineDatabase>
{
    private const string Good = """
        apiVersion: minion.dev/v1
        kind: AgentCluster
        metadata: { name: watched }
        models: [ { name: watched-model, provider: scripted, script: { otherwise: hi } } ]
        agents: [ { name: watched, model: watched-model, description: TEXT } ]
        """;

    [Fact]
    public async Task A_file_is_applied_when_it_appears_and_when_it_changes_and_a_bad_one_keeps_the_last_good_version()
    {
        var folder = Directory.CreateTempSubdirectory("minion-clusters-").FullName;
        try
        {
            await using var host = await StartAsync(folder);
            await Eventually.HoldsAsync(async () => (await FilesAsync(host)).Count == 0, "an empty folder to be looked at");
            await WriteAsync(folder, "a.yaml", Good.Replace("TEXT", "one", StringComparison.Ordinal));
            await Eventually.HoldsAsync(async () => await DescriptionAsync(host) == "one", "the file to be applied");

            await WriteAsync(folder, "a.yaml", Good.Replace("TEXT", "two", StringComparison.Ordinal));
            await Eventually.HoldsAsync(async () => await DescriptionAsync(host) == "two", "the change to be applied");

            await WriteAsync(folder, "a.yaml", Good.Replace("description", "descriptoin", StringComparison.Ordinal));
            await Eventually.HoldsAsync(async () => (await FilesAsync(host)).Any(f => f.Error.Length > 0), "the bad file to be noticed");
            var bad = (await FilesAsync(host)).ShouldHaveSingleItem();
            bad.Error.ShouldContain("a.yaml:5:50 agents[0].descriptoin: there is no such key. Did you mean 'description'?");
            bad.Cluster.ShouldBe("watched");
            bad.AppliedAt.ShouldNotBeNull();
            (await DescriptionAsync(host)).ShouldBe("two");
            await host.UntilAsync((await host.StartAsync("watched", "hello")).Id, RunStatus.Completed);

            await WriteAsync(folder, "a.yaml", Good.Replace("TEXT", "three", StringComparison.Ordinal));
            await Eventually.HoldsAsync(async () => await DescriptionAsync(host) == "three", "the corrected file to be applied");
            await Eventually.BecomesAsync(() => FilesAsync(host), files => files is [{ Error: "" }], "the file to be well again");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_file_that_needs_another_is_applied_after_it_and_one_that_is_gone_leaves_its_agents()
    {
        var folder = Directory.CreateTempSubdirectory("minion-clusters-").FullName;
        try
        {
            await WriteAsync(folder, "1-agents.yaml", "{apiVersion: minion.dev/v1, kind: AgentCluster, metadata: {name: uses}, agents: [{name: user, model: given}]}");
            await WriteAsync(folder, "2-models.yaml", "{apiVersion: minion.dev/v1, kind: AgentCluster, metadata: {name: gives}, models: [{name: given, provider: scripted, script: {otherwise: hi}}]}");
            await WriteAsync(folder, ".1-agents.yaml.swp", "not a cluster file");
            await using var host = await StartAsync(folder);
            await Eventually.HoldsAsync(async () => (await FilesAsync(host)) is [{ Error: "" }, { Error: "" }], "both files to be applied");

            File.Delete(Path.Combine(folder, "1-agents.yaml"));
            await Eventually.HoldsAsync(async () => (await FilesAsync(host)).Count == 1, "the file to be missed");
            (await host.Agents.GetAgentAsync(new GetAgentRequest { Name = "user" })).Agent.Status.ShouldBe(AgentStatus.Active);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_told_of()
    {
        await using var host = await StartAsync("/nowhere/at-all");

        await Eventually.HoldsAsync(async () => (await FilesAsync(host)).Count == 1, "the folder to be missed");

        (await FilesAsync(host))[0].Error.ShouldContain("/nowhere/at-all");
    }

    private Task<EngineHost> StartAsync(string folder) => EngineHost.StartAsync(
        database.Database, new Dictionary<string, string?> { ["Clusters:Folder"] = folder, ["Clusters:Interval"] = "00:00:00.1" });

    /// <summary>As editors do: a new file takes the place of the old one.</summary>
    private static async Task WriteAsync(string folder, string name, string content)
    {
        var other = Path.Combine(folder, name + "~");
        await File.WriteAllTextAsync(other, content);
        File.Move(other, Path.Combine(folder, name), overwrite: true);
    }

    private static async Task<IReadOnlyList<WatchedFile>> FilesAsync(EngineHost host)
    {
        return [.. (await host.Status.GetStatusAsync(new GetStatusRequest())).WatchedFiles];
    }

    private static async Task<string?> DescriptionAsync(EngineHost host)
    {
        try
        {
            return (await host.Agents.GetAgentAsync(new GetAgentRequest { Name = "watched" })).Agent.Definition.Description;
        }
        catch (RpcException missing) when (missing.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }
}
