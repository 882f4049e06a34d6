using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Minion.Data;
using Npgsql;
using StackExchange.Redis;

namespace Minion.Models.Cache;

/// <summary>Chooses where answers are shared, by the setting and by what the host has.</summary>
internal static class SharedStore
{
    /// <exception cref="InvalidOperationException">The setting asks for what the host does not have.</exception>
    public static ICacheStore? Of(IServiceProvider host)
    {
        var options = host.GetRequiredService<IOptions<CacheOptions>>().Value;
        return options.Sharing switch
        {
            CacheSharing.Memory => null,
            CacheSharing.Redis => Redis(host, options) ?? throw Missing(options, "a Redis (ConnectionStrings:redis)"),
            CacheSharing.Postgres => Postgres(host, options) ?? throw Missing(options, "a database"),
            _ => Redis(host, options) ?? Postgres(host, options),
        };
    }

    public static ICacheStore? Postgres(IServiceProvider host, CacheOptions options) => host.GetKeyedService<NpgsqlDataSource>(DatabaseRoles.Models) is { } database
        ? new PostgresStore(database, options, host.GetRequiredService<TimeProvider>())
        : null;

    private static ICacheStore? Redis(IServiceProvider host, CacheOptions options) => host.GetService<IServiceProviderIsService>()?.IsService(typeof(IConnectionMultiplexer)) == true
        ? new RedisStore(host.GetRequiredService<IConnectionMultiplexer>, options, host.GetRequiredService<TimeProvider>())
        : null;

    private static InvalidOperationException Missing(CacheOptions options, string what) =>
        new($"{CacheOptions.Section}:{nameof(CacheOptions.Sharing)} is {options.Sharing}, but this host has no {what[2..]}: set {what}, or another value.");
}
