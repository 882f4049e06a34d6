using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Callers;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Data;
using Minion.Orchestration.Runs.Behaviours;
using Npgsql;

namespace Minion.Orchestration.Agents;

/// <summary>Whether a definition is right in itself, and names models, tools and agents that there are.</summary>
internal sealed class AgentCheck(
    [FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource database, ModelStore models, ToolNames tools, BehaviourRegistry behaviours)
{
    private const string ToolsField = "definition.tools";

    /// <summary>The definition as it is stored; all that is wrong with it is added to <paramref name="violations"/> and thrown.</summary>
    public async Task<AgentDefinition> DefinitionAsync(Caller caller, AgentDefinition? given, Violations violations, CancellationToken cancellation)
    {
        if (!violations.Check(given is not null, "definition", "is missing."))
        {
            violations.ThrowIfAny();
        }

        AgentRules.Check(given!, "definition.", behaviours, violations);
        var definition = AgentRules.Normalize(given!);
        if (!violations.Fields.Any(f => f.Field == "definition.model") && BehaviourOptions.UsesModel(definition, behaviours))
        {
            var known = await models.NamesAsync(caller.Tenant, cancellation);
            violations.Check(known.Contains(definition.Model) || models.IsOfCatalog(definition.Model), "definition.model", AgentFaults.UnknownModel(definition.Model, known));
        }

        if (!violations.Fields.Any(f => f.Field.StartsWith(ToolsField, StringComparison.Ordinal))
            && definition.Tools.Count > 0 && await tools.AllAsync(caller.Tenant, cancellation) is { } all)
        {
            foreach (var (i, _, problem) in UnknownTools.In(definition.Tools, all))
            {
                violations.Add($"{ToolsField}[{i}]", problem);
            }
        }

        if (violations.Fields.Count == 0 && BehaviourOptions.Members(definition, behaviours).Count > 0)
        {
            await CheckMembersAsync(caller, definition, violations, cancellation);
        }

        violations.ThrowIfAny();
        return definition;
    }

    private async Task CheckMembersAsync(Caller caller, AgentDefinition definition, Violations violations, CancellationToken cancellation)
    {
        await using var transaction = await database.BeginTenantAsync(caller.Tenant, cancellation);
        var all = await AgentStore.LockAllAsync(transaction, cancellation);
        var others = all.Where(a => a.Status != AgentStatus.Archived && a.Name != definition.Name).Select(a => a.Definition);
        foreach (var problem in new Teams([.. others, definition], behaviours).Problems(definition.Name))
        {
            violations.Add("definition." + BehaviourOptions.Path(problem.Path), problem.Message);
        }
    }
}
