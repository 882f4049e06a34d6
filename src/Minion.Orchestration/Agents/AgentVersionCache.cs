using Microsoft.Extensions.Caching.Memory;

namespace Minion.Orchestration.Agents;

/// <summary>
/// Versions never change, so they are kept in memory, the most used ones, up to 64 MiB, each until its agent has been idle for as long as its definition
/// says. The status in a cached version is that of when it was read.
/// </summary>
internal sealed class AgentVersionCache : IDisposable
{
    private const long MostBytes = 64 * 1024 * 1024;
    private const int Overhead = 1000;
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = MostBytes });

    public AgentVersion? Find(string tenant, Guid agentId, int version) => _cache.Get<AgentVersion>(new ById(tenant, agentId, version));

    /// <summary>What <paramref name="name"/> meant when it was last asked for; only a guess of what it means now.</summary>
    public AgentVersion? Guess(string tenant, string name, int version) => _cache.Get<AgentVersion>(new ByName(tenant, name, version));

    public void Keep(string tenant, AgentVersion version) => Set(new ById(tenant, version.AgentId, version.Version), version);

    public void KeepGuess(string tenant, int asked, AgentVersion version) => Set(new ByName(tenant, version.Name, asked), version);

    public void Dispose() => _cache.Dispose();

    private void Set(object key, AgentVersion version) =>
        _cache.Set(
            key,
            version,
            new MemoryCacheEntryOptions
            {
                Size = Overhead + version.Definition.CalculateSize(),
                SlidingExpiration = version.Definition.IdleTimeout?.ToTimeSpan() ?? AgentRules.DefaultIdleTimeout,
            });

    private sealed record ById(string Tenant, Guid AgentId, int Version);

    private sealed record ByName(string Tenant, string Name, int Version);
}
