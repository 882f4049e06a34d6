using Minion.Models.Pipeline;
using Minion.ServiceDefaults.Telemetry;

namespace Minion.Models.Cache;

/// <summary>Counts what the cache does.</summary>
internal sealed class CacheMeter(MinionTelemetry telemetry)
{
    public void Hit(ChatRequest request, CacheHit hit) =>
        telemetry.CountCache(request.Definition.Name, hit.Stale ? "stale" : "hit", hit.Kind.ToString().ToLowerInvariant());

    public void Miss(ChatRequest request) => telemetry.CountCache(request.Definition.Name, "miss", "not_found");

    public void Bypass(ChatRequest request, string reason) => telemetry.CountCache(request.Definition.Name, "bypass", reason);
}
