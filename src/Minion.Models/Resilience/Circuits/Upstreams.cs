using System.Collections.Concurrent;
using Minion.ServiceDefaults.Telemetry;

namespace Minion.Models.Resilience;

/// <summary>Which model at which endpoint. What a tenant declares is that tenant's only: nobody breaks it for others.</summary>
/// <param name="Tenant">The tenant that declared it; empty for models of the catalog.</param>
/// <param name="Provider">The provider.</param>
/// <param name="Model">The model at its endpoint, or its name where it has none.</param>
/// <param name="Url">The endpoint; null for the provider's own.</param>
/// <param name="Key">The variable with the key.</param>
internal readonly record struct UpstreamKey(string Tenant, string Provider, string Model, string? Url, string? Key)
{
    public static UpstreamKey Of(ModelDefinition definition, string tenant)
    {
        var ofCatalog = definition.Url is null && definition.Name == $"{definition.Provider}/{definition.Model}";
        return new UpstreamKey(ofCatalog ? "" : tenant, definition.Provider, definition.Model ?? definition.Name, definition.Url, definition.ApiKeyVariable);
    }
}

/// <summary>The circuits of all models that were called lately; those of models not called for longest are forgotten when they become too many.</summary>
internal sealed class Upstreams(ResilienceOptions options, TimeProvider time, MinionTelemetry telemetry)
{
    private readonly ConcurrentDictionary<UpstreamKey, Upstream> _all = new();
    private int _count;

    public Circuit Of(ModelDefinition definition, string tenant)
    {
        var key = UpstreamKey.Of(definition, tenant);
        if (!_all.TryGetValue(key, out var upstream))
        {
            upstream = Add(key);
        }

        upstream.Used = time.GetTimestamp();
        return upstream.Circuit;
    }

    /// <summary>Those that nothing is sent to now, by their endpoints.</summary>
    public IEnumerable<(UpstreamKey Key, Circuit Circuit)> Broken() =>
        _all.Where(u => u.Value.Circuit.State == CircuitState.Open).Select(u => (u.Key, u.Value.Circuit));

    private Upstream Add(UpstreamKey key)
    {
        var name = $"{key.Provider}/{key.Model}";
        var made = new Upstream(new Circuit(options, time, state => telemetry.ReportModelCircuit(name, (int)state)));
        var kept = _all.GetOrAdd(key, made);
        if (ReferenceEquals(kept, made) && Interlocked.Increment(ref _count) > options.MaxUpstreams)
        {
            Forget();
        }

        return kept;
    }

    private void Forget()
    {
        foreach (var (key, _) in _all.OrderBy(u => u.Value.Used).Take(Math.Max(1, options.MaxUpstreams / 10)))
        {
            if (_all.TryRemove(key, out _))
            {
                Interlocked.Decrement(ref _count);
                telemetry.ForgetModelCircuit($"{key.Provider}/{key.Model}");
            }
        }
    }

    private sealed class Upstream(Circuit circuit)
    {
        public Circuit Circuit { get; } = circuit;

        public long Used { get; set; }
    }
}
