using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Minion.Models;
using Npgsql;

namespace Minion.Orchestration.Agents;

/// <summary>The models that a tenant's agents may name.</summary>
internal sealed class ModelStore(
    [FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource api,
    ModelOverride replacement)
{
    /// <summary>How the model is reached at this moment, with what the server's settings say of the model <c>default</c>; null when there is none.</summary>
    public async Task<ModelDefinition?> FindAsync(string tenant, string name, CancellationToken cancellation)
    {
        // Not on the engine's connections: they plan anew each time, which costs more than this look-up.
        var found = await api.QueryAsync(
            tenant, "SELECT definition FROM orchestration.models WHERE tenant = $1 AND name = $2", [tenant, name], row => row.GetString(0), cancellation);
        var stored = found.SingleOrDefault();
        return stored is not null ? replacement.Apply(ModelDefinition.FromJson(stored))
            : name == ModelDefinition.DefaultName ? replacement.Definition
            : null;
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

    /// <summary>What exists without being declared.</summary>
    public IReadOnlyList<string> Given => replacement.Definition is null ? [] : [ModelDefinition.DefaultName];
}
