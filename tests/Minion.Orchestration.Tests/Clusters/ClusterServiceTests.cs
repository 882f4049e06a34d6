using Grpc.Core;
using Minion.Contracts.Orchestration.V1;
using Action = Minion.Contracts.Orchestration.V1.Change.Types.Action;

namespace Minion.Orchestration.Tests.Clusters;

public sealed class ClusterServiceTests(DefinitionsHost host) : IClassFixture<DefinitionsHost>
{
    private const string Model = "{name: default, provider: scripted, script: {rules: [], otherwise: hm}}";

    [Fact]
    public async Task A_file_is_applied_and_applying_it_again_changes_nothing()
    {
        var caller = host.NewTenant();

        var first = await ApplyAsync(caller, Files.Hello);
        var again = await ApplyAsync(caller, Files.Hello);

        first.Cluster.ShouldBe("hello");
        Shown(first).ShouldBe("Created model default, Created model big, Created agent hello 1, Created agent plain 1");
        Shown(again).ShouldBe("Unchanged model default, Unchanged model big, Unchanged agent hello 1, Unchanged agent plain 1");
        (await AgentAsync(caller, "hello")).Cluster.ShouldBe("hello");
    }

    [Fact]
    public async Task What_changed_is_updated_and_what_is_gone_is_removed()
    {
        var caller = host.NewTenant();
        await ApplyAsync(caller, File("c", [Model, Named("old")], ["{name: a, instructions: one}", "{name: b}", "{name: gone}"]));

        var changed = await ApplyAsync(caller, File("c", ["{name: default, provider: scripted, script: {rules: [], otherwise: new}}"], ["{name: a, instructions: two}", "{name: b}"]));

        Shown(changed).ShouldBe("Updated model default, Removed model old, Updated agent a 2, Unchanged agent b 1, Removed agent gone 1");
        (await AgentAsync(caller, "gone")).Status.ShouldBe(AgentStatus.Archived);
        Shown(await ApplyAsync(caller, File("c", [Model], ["{name: a, instructions: two}", "{name: b}", "{name: gone}"])))
            .ShouldBe("Updated model default, Unchanged agent a 2, Unchanged agent b 1, Updated agent gone 1");
        (await AgentAsync(caller, "gone")).Status.ShouldBe(AgentStatus.Active);
    }

    [Fact]
    public async Task A_status_that_an_operator_set_stays()
    {
        var caller = host.NewTenant();
        await ApplyAsync(caller, File("c", [Model], ["{name: a}"]));
        await host.Agents.ChangeAgentStatusAsync(new ChangeAgentStatusRequest { Name = "a", Status = AgentStatus.Inactive }, caller);

        await ApplyAsync(caller, File("c", [Model], ["{name: a, instructions: new}"]));

        (await AgentAsync(caller, "a")).Status.ShouldBe(AgentStatus.Inactive);
    }

    [Fact]
    public async Task A_dry_run_says_what_would_change_and_changes_nothing()
    {
        var caller = host.NewTenant();

        var dry = await host.Clusters.ApplyClusterAsync(new ApplyClusterRequest { Content = Files.Hello, DryRun = true }, caller);

        Shown(dry).ShouldBe("Created model default, Created model big, Created agent hello 1, Created agent plain 1");
        (await host.Agents.ListAgentsAsync(new ListAgentsRequest(), caller)).Agents.ShouldBeEmpty();
        Shown(await ApplyAsync(caller, Files.Hello)).ShouldBe(Shown(dry));
    }

    [Fact]
    public async Task A_file_with_errors_changes_nothing_and_every_error_has_its_place()
    {
        var caller = host.NewTenant();

        var (error, details) = await DefinitionsHost.FailureOf(host.Clusters.ApplyClusterAsync(
            new ApplyClusterRequest { Source = "dir/my.yaml", Content = File("c", [Model], ["{name: fine}", "{name: a, model: defualt}", "{name: b, tols: [x]}"]) }, caller));

        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        details.Reason.ShouldBe("INVALID_CLUSTER_FILE");
        error.Status.Detail.ShouldContain("dir/my.yaml has 2 errors:\ndir/my.yaml:8:22 agents[1].model: there is no model 'defualt'. Did you mean 'default'? There are auto, complex, default");
        details.Fields.Select(f => f.Field).ShouldBe(["agents[1].model", "agents[2].tols"]);
        details.Fields[1].Message.ShouldStartWith("line 9, column 15: there is no such key. Did you mean 'tools'?");
        (await host.Agents.ListAgentsAsync(new ListAgentsRequest(), caller)).Agents.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_belongs_to_another_file_or_to_the_API_is_not_touched()
    {
        var caller = host.NewTenant();
        await ApplyAsync(caller, File("one", [Model], ["{name: a}"]));
        await host.Agents.CreateAgentAsync(new CreateAgentRequest { Definition = new AgentDefinition { Name = "mine" } }, caller);

        var (error, details) = await DefinitionsHost.FailureOf(
            host.Clusters.ApplyClusterAsync(new ApplyClusterRequest { Content = File("two", [Model], ["{name: a}", "{name: mine}"]) }, caller));

        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        details.Fields.Select(f => f.Field).ShouldBe(["models[0].name", "agents[0].name", "agents[1].name"]);
        details.Fields[1].Message.ShouldContain("belongs to the cluster 'one'");
        details.Fields[2].Message.ShouldContain("was made through the API");
        Shown(await ApplyAsync(caller, File("two", [], ["{name: other}"]))).ShouldBe("Created agent other 1");
        (await AgentAsync(caller, "a")).Status.ShouldBe(AgentStatus.Active);
    }

    [Fact]
    public async Task A_model_that_others_use_is_not_removed()
    {
        var caller = host.NewTenant();
        await ApplyAsync(caller, File("one", [Model, Named("big")], []));
        await host.Agents.CreateAgentAsync(new CreateAgentRequest { Definition = new AgentDefinition { Name = "user", Model = "big" } }, caller);

        var (_, details) = await DefinitionsHost.FailureOf(host.Clusters.ApplyClusterAsync(new ApplyClusterRequest { Content = File("one", [Model], []) }, caller));

        details.Fields.ShouldHaveSingleItem().Message.ShouldContain("the model 'big' is no longer declared here, but the agent 'user' uses it");
    }

    [Fact]
    public async Task The_same_file_applied_by_many_at_once_is_applied_once()
    {
        var caller = host.NewTenant();

        var applied = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ApplyAsync(caller, Files.Hello)));

        applied.Count(a => a.Changes.All(c => c.Action == Action.Created)).ShouldBe(1);
        applied.Count(a => a.Changes.All(c => c.Action == Action.Unchanged)).ShouldBe(7);
        (await host.Agents.ListAgentVersionsAsync(new ListAgentVersionsRequest { Name = "hello" }, caller)).Versions.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Variables_come_from_the_caller_and_never_from_the_server()
    {
        var caller = host.NewTenant();
        var content = File("c", [Model], ["{name: a, instructions: '${GREETING} ${PATH:-none}'}"]);

        await host.Clusters.ApplyClusterAsync(new ApplyClusterRequest { Content = content, Environment = { ["GREETING"] = "Hi" } }, caller);

        (await AgentAsync(caller, "a")).Definition.Instructions.ShouldBe("Hi none");
    }

    [Fact]
    public async Task So_many_errors_that_they_do_not_fit_are_counted()
    {
        var agents = Enumerable.Range(0, 500).Select(i => $"{{name: a{i}, this_key_is_not_there: 1}}").ToArray();

        var (error, details) = await DefinitionsHost.FailureOf(
            host.Clusters.ApplyClusterAsync(new ApplyClusterRequest { Content = File("c", [Model], agents) }, host.NewTenant()));

        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        error.Status.Detail.ShouldStartWith("cluster.yaml has 500 errors:\ncluster.yaml:7:16 agents[0].this_key_is_not_there");
        error.Status.Detail.ShouldContain("\nand 49");
        details.Fields.Count.ShouldBeInRange(10, 499);
        details.Fields[0].Field.ShouldBe("agents[0].this_key_is_not_there");
    }

    [Fact]
    public async Task Naughty_strings_in_a_file_come_back_as_they_were()
    {
        var caller = host.NewTenant();
        var texts = NaughtyStrings.Load();
        var agents = texts.Select((t, i) => $"{{name: a{i}, instructions: {System.Text.Json.JsonSerializer.Serialize(t.Replace("${", "$${", StringComparison.Ordinal))}}}").ToArray();

        await ApplyAsync(caller, File("c", [Model], agents));

        foreach (var (i, text) in texts.Index())
        {
            (await AgentAsync(caller, $"a{i}")).Definition.Instructions.ShouldBe(text);
        }
    }

    private static string Named(string name) => Model.Replace("default", name, StringComparison.Ordinal);

    private static string File(string name, string[] models, string[] agents) =>
        $"apiVersion: minion.dev/v1\nkind: AgentCluster\nmetadata: {{ name: {name} }}\n{Section("models", models)}{Section("agents", agents)}";

    private static string Section(string key, string[] items) =>
        items.Length == 0 ? $"{key}: []\n" : $"{key}:\n{string.Concat(items.Select(i => $"  - {i}\n"))}";

    private static string Shown(ApplyClusterResponse response) =>
        string.Join(", ", response.Changes.Select(c => c.Version == 0 ? $"{c.Action} {c.Kind} {c.Name}" : $"{c.Action} {c.Kind} {c.Name} {c.Version}"));

    private async Task<Agent> AgentAsync(Metadata caller, string name) => (await host.Agents.GetAgentAsync(new GetAgentRequest { Name = name }, caller)).Agent;

    private async Task<ApplyClusterResponse> ApplyAsync(Metadata caller, string content) =>
        await host.Clusters.ApplyClusterAsync(new ApplyClusterRequest { Content = content }, caller);
}
