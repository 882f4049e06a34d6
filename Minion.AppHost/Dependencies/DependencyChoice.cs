using Microsoft.Extensions.Configuration;
using Minion.AppHost.Options;

namespace Minion.AppHost.Dependencies;

/// <summary>Where database, Redis and models come from.</summary>
internal static class DependencyChoice
{
    public const string Database = "minion";
    public const string Redis = "redis";

    /// <summary>
    /// The server that <c>ConnectionStrings:minion</c> names, and the one that <c>ConnectionStrings:redis</c> does, if any; else containers, where a container engine answers or the application is
    /// published; else programs of this machine.
    /// </summary>
    public static async Task<DependencySet> AddDependenciesAsync(
        this IDistributedApplicationBuilder builder, AppHostSettings settings, Switches switches)
    {
        if (builder.ExecutionContext.IsRunMode && builder.Configuration.GetConnectionString(Database) is { Length: > 0 })
        {
            var redis = builder.Configuration.GetConnectionString(Redis) is { Length: > 0 } ? builder.AddConnectionString(Redis) : null;
            return new DependencySet(builder.AddConnectionString(Database), DatabaseServer: null, redis);
        }

        if (builder.ExecutionContext.IsPublishMode)
        {
            return Containers.Add(builder, withOllama: false);
        }

        if (switches.NoContainers)
        {
            return LocalPrograms.Add(builder, settings);
        }

        var engine = await ContainerEngine.LookAsync();
        if (!engine.Answers)
        {
            await Console.Out.WriteLineAsync($"{engine.Why} PostgreSQL and Redis run as programs of this machine.");
        }

        return engine.Answers ? Containers.Add(builder, settings.ModelUrl is null) : LocalPrograms.Add(builder, settings);
    }
}
