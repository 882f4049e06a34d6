using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Callers;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Tests.Clusters;
using Minion.ServiceDefaults.Callers;

namespace Minion.Orchestration.Tests.Agents;

public sealed class PermissionTests(DefinitionsHost host) : IClassFixture<DefinitionsHost>
{
    [Fact]
    public async Task Only_an_administrator_says_which_models_and_agents_there_are()
    {
        var admin = host.NewTenant(out var tenant);
        await host.Clusters.ApplyClusterAsync(new ApplyClusterRequest { Content = Files.Hello }, admin);
        var client = host.Services.GetRequiredService<CallerSigner>().Headers(new Caller(tenant, "user:shop", ["tools:calculator"]), "orchestration");
        var definition = new AgentDefinition { Name = "mine" };

        AsyncUnaryCall<ApplyClusterResponse> apply = host.Clusters.ApplyClusterAsync(new ApplyClusterRequest { Content = Files.Hello }, client);
        await RefusedAsync(apply, "apply cluster files");
        await RefusedAsync(host.Agents.CreateAgentAsync(new CreateAgentRequest { Definition = definition }, client), "create agents");
        await RefusedAsync(host.Agents.UpdateAgentAsync(new UpdateAgentRequest { Definition = definition }, client), "change agents");
        await RefusedAsync(
            host.Agents.ChangeAgentStatusAsync(new ChangeAgentStatusRequest { Name = "hello", Status = AgentStatus.Inactive }, client), "change agents");
        await RefusedAsync(host.Agents.DeleteAgentAsync(new DeleteAgentRequest { Name = "hello" }, client), "remove agents");

        (await host.Agents.GetAgentAsync(new GetAgentRequest { Name = "hello" }, client)).Agent.Status.ShouldBe(AgentStatus.Active);
    }

    private static async Task RefusedAsync<T>(AsyncUnaryCall<T> call, string what)
    {
        var (error, details) = await DefinitionsHost.FailureOf(call);
        error.StatusCode.ShouldBe(StatusCode.PermissionDenied);
        details.Reason.ShouldBe("PERMISSION_DENIED");
        error.Status.Detail.ShouldContain($"'user:shop' may not {what}: that needs the permission 'admin'");
    }
}
