using Minion.AppHost.Dependencies;
using Minion.AppHost.Options;

namespace Minion.AppHost.Servers;

/// <summary>The one program, once for each role, and what each role is given.</summary>
internal static class ServerResources
{
    /// <param name="builder">The application.</param>
    /// <param name="role">What the process does; the resource's name too.</param>
    /// <param name="settings">The settings.</param>
    public static IResourceBuilder<ProjectResource> AddServer(this IDistributedApplicationBuilder builder, string role, AppHostSettings settings)
    {
        // The endpoints differ from role to role, so none come from the project's own files.
        var server = builder.AddProject<Projects.Minion_Server>(role, options =>
        {
            options.ExcludeLaunchProfile = true;
            options.ExcludeKestrelEndpoints = true;
        }).WithArgs("--role", role);
        return settings.DataFolder is { } folder && builder.ExecutionContext.IsRunMode ? server.WithEnvironment("MINION_DATA", folder) : server;
    }

    public static IResourceBuilder<ProjectResource> WithDatabase(this IResourceBuilder<ProjectResource> server, DependencySet dependencies)
    {
        server.WithReference(dependencies.Database);
        return dependencies.DatabaseServer is { } started ? server.WaitFor(started) : server;
    }

    /// <summary>Redis makes things faster; nobody waits for it longer than until it is there.</summary>
    public static IResourceBuilder<ProjectResource> WithRedis(this IResourceBuilder<ProjectResource> server, DependencySet dependencies)
    {
        if (dependencies.Redis is { } redis)
        {
            server.WithReference(redis);
        }

        return dependencies.RedisServer is { } started ? server.WaitFor(started) : server;
    }

    /// <summary>Runs use the Ollama that is started here as the model <c>default</c> when <c>MINION_MODEL</c> says which of its models.</summary>
    public static IResourceBuilder<ProjectResource> WithModel(
        this IResourceBuilder<ProjectResource> server, DependencySet dependencies, AppHostSettings settings) =>
        dependencies.Ollama is { } ollama && settings is { Model: { } model, ModelUrl: null }
            ? server.WithEnvironment("MINION_MODEL", model).WithEnvironment("MINION_MODEL_URL", ReferenceExpression.Create($"{ollama}/v1"))
            : server;

    /// <summary>
    /// An endpoint for HTTP, the health check, and the key that callers are signed with. With an API key the service is open to other
    /// machines.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithCalls(
        this IResourceBuilder<ProjectResource> server, IResourceBuilder<ParameterResource> callerKey, IResourceBuilder<ParameterResource>? apiKey,
        int? httpPort = null)
    {
        server
            .WithHttpEndpoint(httpPort, name: "http", env: "MINION_HTTP")
            .WithEnvironment("Caller__Key", callerKey)
            .WithHttpHealthCheck("/ready", endpointName: "http");
        return apiKey is null ? server : server.WithEnvironment("MINION_LISTEN", "0.0.0.0").WithEnvironment("MINION_API_KEY", apiKey);
    }

    /// <summary>An endpoint for gRPC.</summary>
    public static IResourceBuilder<ProjectResource> WithGrpc(this IResourceBuilder<ProjectResource> server, int? port = null) => server
        .WithHttpEndpoint(port, name: "grpc", env: "MINION_GRPC")
        .WithEndpoint("grpc", endpoint => endpoint.Transport = "http2");

    /// <summary>Where the application is published, clients outside call this endpoint.</summary>
    public static IResourceBuilder<ProjectResource> OpenToOthers(this IResourceBuilder<ProjectResource> server, string endpoint) =>
        server.ApplicationBuilder.ExecutionContext.IsPublishMode ? server.WithEndpoint(endpoint, open => open.IsExternal = true) : server;
}
