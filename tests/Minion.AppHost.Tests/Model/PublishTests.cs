using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Minion.AppHost.Tests.Model;

/// <summary>What the application looks like to whoever publishes it.</summary>
public sealed class PublishTests
{
    [Fact]
    public async Task Clients_reach_the_orchestration_over_gRPC_and_the_edge_over_HTTP_and_nothing_else()
    {
        await using var builder = await PublishAsync();
        var external = builder.Resources.SelectMany(r => r.Annotations.OfType<EndpointAnnotation>().Where(e => e.IsExternal).Select(e => $"{r.Name} {e.Name} {e.Transport}"));
        external.ShouldBe(["orchestration grpc http2", "edge http http"]);
    }

    [Fact]
    public async Task Passwords_and_keys_are_secret_parameters()
    {
        await using var builder = await PublishAsync();
        var parameters = builder.Resources.OfType<ParameterResource>().ToList();
        parameters.Select(p => p.Name).ShouldBe(["postgres-password", "redis-password", "caller-key", "api-key"], ignoreOrder: true);
        parameters.ShouldAllBe(p => p.Secret);
    }

    [Fact]
    public async Task The_database_is_kept_in_a_volume()
    {
        await using var builder = await PublishAsync();
        var postgres = builder.Resources.Single(r => r.Name == "postgres");
        postgres.Annotations.OfType<ContainerImageAnnotation>().Last().Image.ShouldBe("pgvector/pgvector");
        var mount = postgres.Annotations.OfType<ContainerMountAnnotation>().ShouldHaveSingleItem();
        (mount.Type, mount.Source, mount.Target).ShouldBe((ContainerMountType.Volume, "minion-postgres", "/var/lib/postgresql/data"));
    }

    [Fact]
    public async Task Services_wait_for_the_migration_and_listen_with_a_key()
    {
        await using var builder = await PublishAsync();
        foreach (var name in new[] { "tools", "orchestration", "edge" })
        {
            var service = builder.Resources.Single(r => r.Name == name);
            service.Annotations.OfType<WaitAnnotation>().ShouldContain(w => w.Resource.Name == "migrate" && w.WaitType == WaitType.WaitForCompletion);
            var variables = await VariablesAsync(service);
            variables["MINION_LISTEN"].ShouldBe("0.0.0.0");
            variables["MINION_API_KEY"].ShouldBeOfType<ParameterResource>().Name.ShouldBe("api-key");
            variables["Caller__Key"].ShouldBeOfType<ParameterResource>().Name.ShouldBe("caller-key");
            variables.Keys.ShouldContain("ConnectionStrings__minion");
        }
    }

    [Fact]
    public async Task The_orchestration_knows_where_the_tools_are()
    {
        await using var builder = await PublishAsync();
        var variables = await VariablesAsync(builder.Resources.Single(r => r.Name == "orchestration"));
        ((IManifestExpressionProvider)variables["services__tools__grpc__0"]).ValueExpression.ShouldBe("{tools.bindings.grpc.url}");
        ((IManifestExpressionProvider)variables["MINION_GRPC"]).ValueExpression.ShouldBe("{orchestration.bindings.grpc.targetPort}");
    }

    [Fact]
    public async Task The_edge_knows_where_the_agents_are()
    {
        await using var builder = await PublishAsync();
        var variables = await VariablesAsync(builder.Resources.Single(r => r.Name == "edge"));
        ((IManifestExpressionProvider)variables["services__orchestration__grpc__0"]).ValueExpression.ShouldBe("{orchestration.bindings.grpc.url}");
        ((IManifestExpressionProvider)variables["MINION_HTTP"]).ValueExpression.ShouldBe("{edge.bindings.http.targetPort}");
    }

    private static Task<IDistributedApplicationTestingBuilder> PublishAsync() =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.Minion_AppHost>(["--operation=publish", "--publisher=manifest"]);

    private static async Task<Dictionary<string, object>> VariablesAsync(IResource resource)
    {
        var context = new EnvironmentCallbackContext(new DistributedApplicationExecutionContext(DistributedApplicationOperation.Publish), resource);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }

        return context.EnvironmentVariables;
    }
}
