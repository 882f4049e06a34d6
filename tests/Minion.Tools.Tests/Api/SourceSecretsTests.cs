using Grpc.Core;
using Minion.Contracts.Tools.V1;

namespace Minion.Tools.Tests.Api;

/// <summary>Who may use which secret, program and folder is looked at when a source is declared.</summary>
public sealed class SourceSecretsTests(RegistryHost host) : IClassFixture<RegistryHost>
{
    [Fact]
    public async Task A_tenant_that_is_given_no_variables_cannot_declare_a_source_with_one()
    {
        var fault = await RefusedAsync("""{"url":"${ACME_CONNECTION}","headers":{"X-Key":"${ACME_TOKEN}"}}""", "acme");

        fault.ShouldContain("source.settings/url: refers to the variable 'ACME_CONNECTION'");
        fault.ShouldContain("source.settings/headers/X-Key: refers to the variable 'ACME_TOKEN', which the tenant 'acme' may not use");
        fault.ShouldContain("Tools:Secrets:Tenants:acme");
        await SetAsync("""{"url":"${ACME_CONNECTION}"}""", "default");
    }

    private async Task<string> RefusedAsync(string settings, string tenant)
    {
        var refused = await Should.ThrowAsync<RpcException>(() => SetAsync(settings, tenant));
        refused.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        return refused.Status.Detail;
    }

    private async Task SetAsync(string settings, string tenant, string kind = "fake") =>
        await host.Registry.SetSourceAsync(new SetSourceRequest { Source = new ToolSource { Name = "held", Kind = kind, Settings = settings } }, host.AdministratorOf(tenant));
}
