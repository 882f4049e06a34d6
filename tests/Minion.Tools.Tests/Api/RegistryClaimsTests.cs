using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Contracts.Tools.V1;
using Policy = Minion.Contracts.Tools.V1.ToolPolicy;

namespace Minion.Tools.Tests.Api;

/// <summary>What callers and clusters say is theirs.</summary>
public sealed class RegistryClaimsTests(RegistryHost host) : IClassFixture<RegistryHost>
{
    [Fact]
    public async Task What_a_direct_caller_claims_is_audited_as_a_claim_and_counted_for_nobody()
    {
        var service = host.AdministratorOf("default");
        var (claimed, made) = (Guid.CreateVersion7().ToString(), Guid.CreateVersion7().ToString());
        await host.Tools.CallToolAsync(new CallToolRequest { Name = "calculator", Arguments = "{\"expression\":\"1\"}", Agent = "claimed", RunId = claimed, SessionId = "s" });
        await host.Tools.CallToolAsync(new CallToolRequest { Name = "calculator", Arguments = "{\"expression\":\"1\"}", Agent = "claimed", RunId = made, SessionId = "s" }, service);

        IReadOnlyList<AuditedCall> calls = [];
        await Eventually.HoldsAsync(async () => (calls = (await host.Registry.ListCallsAsync(new ListCallsRequest { Agent = "claimed" }, service)).Calls).Count == 2);

        calls.ToDictionary(call => call.RunId, call => call.Attested).ShouldBe(new Dictionary<string, bool> { [claimed] = false, [made] = true }, ignoreOrder: true);
        (await host.Registry.GetUsageAsync(new GetUsageRequest { Agent = "claimed" }, service)).Usage.ShouldHaveSingleItem().Calls.ShouldBe(1);
        var rows = (await host.Registry.GetUsageAsync(new GetUsageRequest { Tool = "calculator", ByAgent = true }, service)).Usage;
        rows.Single(row => row.Agent == "claimed").Calls.ShouldBe(1);
    }

    [Fact]
    public async Task What_a_cluster_declares_is_changed_by_its_file_only()
    {
        var admin = host.AdministratorOf("filed");
        var source = new ToolSource { Name = "filed", Kind = "fake" };
        var policy = new NamedPolicy { Name = "filed_*", Policy = new Policy { TimeoutMs = 1000 } };
        await host.Registry.ApplyToolsAsync(new ApplyToolsRequest { Cluster = "shop", Sources = { source }, Policies = { policy } }, admin);
        var other = new NamedPolicy { Name = "filed_*", Policy = new Policy { TimeoutMs = 5 } };

        RpcException[] refusals =
        [
            await RegistryHost.FaultAsync(host.Registry.SetSourceAsync(new SetSourceRequest { Source = new ToolSource { Name = "filed", Kind = "fake", Settings = "{\"a\":1}" } }, admin)),
            await RegistryHost.FaultAsync(host.Registry.RemoveSourceAsync(new RemoveSourceRequest { Name = "filed" }, admin)),
            await RegistryHost.FaultAsync(host.Registry.SetPolicyAsync(new SetPolicyRequest { Policy = other }, admin)),
            await RegistryHost.FaultAsync(host.Registry.RemovePolicyAsync(new RemovePolicyRequest { Name = "filed_*" }, admin)),
        ];

        foreach (var refusal in refusals)
        {
            refusal.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
            FaultDetails.From(refusal).Reason.ShouldBe("DECLARED_BY_CLUSTER");
            refusal.Status.Detail.ShouldContain("declared by the cluster 'shop'");
        }

        (await host.Registry.PlanToolsAsync(new PlanToolsRequest { Cluster = "shop", Sources = { source }, Policies = { policy } }, admin)).Changes.ShouldBeEmpty();
        await host.Registry.ApplyToolsAsync(new ApplyToolsRequest { Cluster = "shop" }, admin);
        (await host.Registry.SetPolicyAsync(new SetPolicyRequest { Policy = other }, admin)).Policy.Cluster.ShouldBeEmpty();
        await host.Registry.ApplyToolsAsync(new ApplyToolsRequest { Cluster = "shop", Policies = { policy } }, admin);
        (await host.Registry.ListPoliciesAsync(new ListPoliciesRequest(), admin)).Policies.ShouldHaveSingleItem().Policy.TimeoutMs.ShouldBe(1000);
    }
}
