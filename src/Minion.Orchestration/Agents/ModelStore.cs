using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Minion.Models;
using Npgsql;

namespace Minion.Orchestration.Agents;

/// <summary>The models that a tenant's agents may name.</summary>
internal sealed class ModelStore(
    [FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource api,
    [FromKeyedServices(DatabaseRoles.Engine)] NpgsqlDataSource engine,
    ModelOverride replacement)
{
    /// <summary>How the model is reached at this moment, with what the server's settings say of the model <c>default</c>; null when there is none.</summary>
    public async Task<ModelDefinition?> FindAsync(string tenant, string name, CancellationToken cancellation)
    {
        await using var command = engine.CreateCommand("SELECT definition FROM orchestration.models WHERE tenant = $1 AND name = $2");
        command.Parameters.Add(new() { Value = tenant });
        command.Parameters.Add(new() { Value = name });
        var stored = (string?)await command.ExecuteScalarAsync(cancellation);
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

    /// <summary>What exists without being declared.</summary>
    public IReadOnlyList<string> Given => replacement.Definition is null ? [] : [ModelDefinition.DefaultName];
}
