using Microsoft.Extensions.DependencyInjection;
using Minion.AppHost.Options;
using Minion.AppHost.Servers;

namespace Minion.AppHost.Dependencies;

/// <summary>As programs of this machine: the embedded PostgreSQL in a process of its own, and Redis and Ollama where they are installed.</summary>
internal static class LocalPrograms
{
    public static DependencySet Add(IDistributedApplicationBuilder builder, AppHostSettings settings)
    {
        var (database, server) = AddPostgres(builder, settings);
        var dependencies = new DependencySet(database, server);
        if (IsInstalled("redis-server"))
        {
            var (redis, redisServer) = AddRedis(builder);
            dependencies = dependencies with { Redis = redis, RedisServer = redisServer };
        }

        return settings.ModelUrl is null && IsInstalled("ollama") ? dependencies with { Ollama = AddOllama(builder) } : dependencies;
    }

    private static (IResourceBuilder<IResourceWithConnectionString> Database, IResourceBuilder<IResource> Server) AddPostgres(
        IDistributedApplicationBuilder builder, AppHostSettings settings)
    {
        // The server takes any password at any start, so this one need not be kept.
        var password = builder.AddParameter("postgres-password", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true);
        var postgres = builder.AddServer("postgres", settings)
            .WithHttpEndpoint(name: "http", env: "MINION_HTTP")
            .WithEndpoint(scheme: "tcp", name: "tcp", env: "MINION_PG_PORT")
            .WithEnvironment("MINION_PG_PASSWORD", password)
            .WithHttpHealthCheck("/ready", endpointName: "http");
        var port = postgres.GetEndpoint("tcp").Property(EndpointProperty.Port);
        var database = builder.AddConnectionString(DependencyChoice.Database, ReferenceExpression.Create(
            $"Host=localhost;Port={port};Username=minion;Password={password};Database=minion;SSL Mode=Disable"));
        return (database, postgres);
    }

    private static (IResourceBuilder<IResourceWithConnectionString> Redis, IResourceBuilder<IResource> Server) AddRedis(IDistributedApplicationBuilder builder)
    {
        const string check = "redis-server_ping";
        var password = builder.AddParameter("redis-password", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true);
        var server = builder.AddExecutable("redis-server", "redis-server", Path.GetTempPath(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
            .WithEndpoint(scheme: "tcp", name: "tcp")
            .WithHealthCheck(check);
        var endpoint = server.GetEndpoint("tcp");
        server.WithArgs("--port", endpoint.Property(EndpointProperty.TargetPort), "--requirepass", password.Resource);
        builder.Services.AddHealthChecks().AddCheck(check, new RedisPing(endpoint));
        var redis = builder.AddConnectionString(
            "redis", ReferenceExpression.Create($"localhost:{endpoint.Property(EndpointProperty.Port)},password={password}"));
        return (redis, server);
    }

    private static EndpointReference AddOllama(IDistributedApplicationBuilder builder)
    {
        var ollama = builder.AddExecutable("ollama", "ollama", Path.GetTempPath(), "serve")
            .WithHttpEndpoint(name: "http")
            .WithHttpHealthCheck("/", endpointName: "http");
        var endpoint = ollama.GetEndpoint("http");
        ollama.WithEnvironment("OLLAMA_HOST", ReferenceExpression.Create($"127.0.0.1:{endpoint.Property(EndpointProperty.TargetPort)}"));
        return endpoint;
    }

    private static bool IsInstalled(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, program)));
}
