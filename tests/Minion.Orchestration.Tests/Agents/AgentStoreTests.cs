using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents;

namespace Minion.Orchestration.Tests.Agents;

public sealed class AgentStoreTests(DefinitionsHost host) : IClassFixture<DefinitionsHost>
{
    private const string File = """
        {apiVersion: minion.dev/v1, kind: AgentCluster, metadata: {name: m},
         models: [{name: default, provider: scripted, script: {rules: [], otherwise: hm}}],
         agents: [{name: a, instructions: TEXT}]}
        """;

    private readonly AgentStore _agents = host.Services.GetRequiredService<AgentStore>();

    [Fact]
    public async Task The_current_version_is_found_after_every_change_also_when_the_definition_is_remembered()
    {
        var caller = host.NewTenant(out var tenant);
        foreach (var (text, version) in new[] { ("one", 1), ("two", 2), ("three", 3) })
        {
            await ApplyAsync(caller, text);
            for (var i = 0; i < 2; i++)
            {
                var found = (await _agents.FindVersionAsync(tenant, "a", 0, TestContext.Current.CancellationToken))!;
                found.Version.ShouldBe(version);
                found.Definition.Instructions.ShouldBe(text);
            }
        }

        (await _agents.FindVersionAsync(tenant, "a", 2, TestContext.Current.CancellationToken))!.Definition.Instructions.ShouldBe("two");
        (await _agents.FindVersionAsync(tenant, "a", 4, TestContext.Current.CancellationToken)).ShouldBeNull();
        (await _agents.FindVersionAsync(tenant, "b", 0, TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Fact]
    public async Task The_status_is_that_of_now_though_the_definition_is_remembered()
    {
        var caller = host.NewTenant(out var tenant);
        await ApplyAsync(caller, "one");
        (await _agents.FindVersionAsync(tenant, "a", 0, TestContext.Current.CancellationToken))!.Status.ShouldBe(AgentStatus.Active);

        await host.Agents.ChangeAgentStatusAsync(new ChangeAgentStatusRequest { Name = "a", Status = AgentStatus.Inactive }, caller);

        (await _agents.FindVersionAsync(tenant, "a", 0, TestContext.Current.CancellationToken))!.Status.ShouldBe(AgentStatus.Inactive);
    }

    [Fact]
    public async Task A_run_finds_its_version_after_the_agent_is_deleted_and_its_name_used_again()
    {
        var caller = host.NewTenant(out var tenant);
        await ApplyAsync(caller, "one");
        var old = (await _agents.FindVersionAsync(tenant, "a", 0, TestContext.Current.CancellationToken))!;
        await host.Agents.DeleteAgentAsync(new DeleteAgentRequest { Name = "a" }, caller);
        await ApplyAsync(caller, "other");

        var elsewhere = ActivatorUtilities.CreateInstance<AgentStore>(host.Services, new AgentVersionCache());
        foreach (var store in new[] { _agents, elsewhere, elsewhere })
        {
            var found = (await store.FindVersionAsync(tenant, old.AgentId, 1, TestContext.Current.CancellationToken))!;
            found.AgentId.ShouldBe(old.AgentId);
            found.Definition.Instructions.ShouldBe("one");
        }

        (await _agents.FindVersionAsync(tenant, "a", 0, TestContext.Current.CancellationToken))!.Definition.Instructions.ShouldBe("other");
    }

    [Fact]
    public async Task A_model_is_found_by_name_in_its_tenant_only()
    {
        var models = host.Services.GetRequiredService<ModelStore>();
        var caller = host.NewTenant(out var tenant);
        await ApplyAsync(caller, "one");

        (await models.FindAsync(tenant, "default", stamp: null, TestContext.Current.CancellationToken))!.Provider.ShouldBe("scripted");
        (await models.FindAsync(tenant, "other", stamp: null, TestContext.Current.CancellationToken)).ShouldBeNull();
        (await models.FindAsync("somebody-else", "default", stamp: null, TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    private async Task ApplyAsync(Grpc.Core.Metadata caller, string text) =>
        await host.Clusters.ApplyClusterAsync(new ApplyClusterRequest { Content = File.Replace("TEXT", text, StringComparison.Ordinal) }, caller);
}
