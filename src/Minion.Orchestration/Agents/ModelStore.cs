using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Minion.Models;
using Npgsql;

namespace Minion.Orchestration.Agents;

/// <summary>The models that a tenant's agents may name.</summary>
internal sealed class ModelStore(
    [FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource api,
    ModelOverride replacement,
    ModelCatalog catalog)
{
    private const int MaxRemembered = 1_000;

    private readonly ConcurrentDictionary<(string Tenant, string Name), (ModelStamp Stamp, ModelDefinition Definition)> _known = new();

    /// <summary>
    /// How the model is reached at this moment, with what the server's settings say of the model <c>default</c>; null when there is none. From memory when
    /// <paramref name="stamp"/>, which has just been seen, is that of what is remembered.
    /// </summary>
    public async ValueTask<ModelDefinition?> FindAsync(string tenant, string name, ModelStamp? stamp, CancellationToken cancellation)
    {
        if (stamp == ModelStamp.None)
        {
            return WithoutRow(name);
        }

        if (stamp is { } seen && _known.TryGetValue((tenant, name), out var known) && known.Stamp == seen)
        {
            return known.Definition;
        }

        // Not on the engine's connections: they plan anew each time, which costs more than this look-up.
        var found = await api.QueryAsync(
            tenant,
            "SELECT definition, xmin FROM orchestration.models WHERE tenant = $1 AND name = $2",
            [tenant, name],
            row => (new ModelStamp(row.GetFieldValue<uint>(1)), replacement.Apply(ModelDefinition.FromJson(row.GetString(0)))),
            cancellation);
        if (found is not [var stored])
        {
            return WithoutRow(name);
        }

        if (_known.Count >= MaxRemembered)
        {
            _known.Clear();
        }

        return (_known[(tenant, name)] = stored).Definition;
    }

    /// <summary>The names that agents may use.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync(string tenant, CancellationToken cancellation)
    {
        var names = await api.QueryAsync(
            tenant, "SELECT name FROM orchestration.models WHERE tenant = $1 ORDER BY name", [tenant], row => row.GetString(0), cancellation);
        return [.. names.Union(Given)];
    }

    /// <summary>All of them by name, each as it is reached at this moment.</summary>
    public async Task<IReadOnlyList<ModelDefinition>> ListAsync(string tenant, CancellationToken cancellation)
    {
        var stored = await api.QueryAsync(
            tenant, "SELECT definition FROM orchestration.models WHERE tenant = $1 ORDER BY name", [tenant], row => row.GetString(0), cancellation);
        var declared = stored.Select(json => replacement.Apply(ModelDefinition.FromJson(json))).ToList();
        return replacement.Definition is { } given && !declared.Exists(d => d.Name == given.Name) ? [given, .. declared] : declared;
    }

    private ModelDefinition? WithoutRow(string name) =>
        name == ModelDefinition.DefaultName ? replacement.Definition : Routers.Find(name) ?? catalog.Current.Find(name)?.ToDefinition();

    /// <summary>What exists without being declared, the catalog's models apart.</summary>
    public IReadOnlyList<string> Given => [.. replacement.Definition is null ? [] : new[] { ModelDefinition.DefaultName }, .. Routers.Names];

    /// <summary>Whether the catalog has a model of that name (<c>provider/model</c>) that answers.</summary>
    public bool IsOfCatalog(string name) => catalog.Current.Find(name) is { Tier: not null };
}
