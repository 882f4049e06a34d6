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

    [Fact]
    public async Task Secrets_that_stand_in_settings_are_refused_all_at_once()
    {
        var fault = await RefusedAsync("""{"headers":{"Authorization":"Bearer abc","X-Client":"minion"},"env":{"GITHUB_TOKEN":"abc"}}""", "default");

        fault.ShouldContain("source.settings/headers/Authorization: must refer to a variable of the server's environment, such as 'Bearer ${SERVICE_TOKEN}'");
        fault.ShouldContain("source.settings/env/GITHUB_TOKEN: must refer to a variable of the server's environment, such as '${GITHUB_TOKEN}'");
        fault.ShouldNotContain("X-Client");
    }

    [Fact]
    public async Task Programs_are_for_who_runs_the_server_to_allow()
    {
        (await RefusedAsync("""{"command":"sh"}""", "acme", kind: "mcp")).ShouldContain("Tools:Mcp:Commands:acme");
        await SetAsync("""{"command":"sh"}""", "default", kind: "mcp");
    }

    [Fact]
    public async Task What_tools_of_a_source_say_does_not_repeat_its_secrets()
    {
        const string Value = "s3cret/of+them";
        host.Kind.Offered = name => [new FakeTool(FakeTool.Describe($"{name}_echo") with { Description = $"Knows {Value}." }, (_, _) => new(FakeTool.Result($$"""{"ok":"{{Value}}"}""")))];
        Environment.SetEnvironmentVariable("CLEANED_TOKEN", Value);
        var service = host.AdministratorOf("default");
        await host.Registry.SetSourceAsync(new SetSourceRequest { Source = new ToolSource { Name = "cleaned", Kind = "fake", Settings = """{"env":{"A":"${CLEANED_TOKEN}"}}""" } }, service);

        (await host.Tools.CallToolAsync(new CallToolRequest { Name = "cleaned_echo" }, service)).Result.ShouldBe("""{"ok":"***"}""");
        (await host.Tools.GetToolAsync(new GetToolRequest { Name = "cleaned_echo" }, service)).Tool.Description.ShouldBe("Knows ***.");
    }

    private async Task<string> RefusedAsync(string settings, string tenant, string kind = "fake")
    {
        var refused = await Should.ThrowAsync<RpcException>(() => SetAsync(settings, tenant, kind));
        refused.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        return refused.Status.Detail;
    }

    private async Task SetAsync(string settings, string tenant, string kind = "fake") =>
        await host.Registry.SetSourceAsync(new SetSourceRequest { Source = new ToolSource { Name = "held", Kind = kind, Settings = settings } }, host.AdministratorOf(tenant));
}
