namespace Minion.AppHost.Dependencies;

/// <summary>As containers; what they keep is in volumes.</summary>
internal static class Containers
{
    public static DependencySet Add(IDistributedApplicationBuilder builder, bool withOllama)
    {
        var password = builder.AddParameter("postgres-password", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);
        var postgres = builder.AddPostgres("postgres", password: password)
            .WithImage("pgvector/pgvector", "pg17")
            .WithDataVolume("minion-postgres");
        var database = postgres.AddDatabase(DependencyChoice.Database);
        var redis = builder.AddRedis("redis");
        var ollama = withOllama
            ? builder.AddContainer("ollama", "ollama/ollama", "0.12.6")
                .WithHttpEndpoint(targetPort: 11434, name: "http")
                .WithVolume("minion-ollama", "/root/.ollama")
            : null;
        return new DependencySet(database, database, redis, redis, ollama?.GetEndpoint("http"));
    }
}
