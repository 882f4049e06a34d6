using Minion.Contracts.Callers;
using Minion.Contracts.Orchestration.V1;
using Minion.Data;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Agents.Versions;
using Minion.Orchestration.Clusters;
using Minion.Yaml;
using Action = Minion.Contracts.Orchestration.V1.Change.Types.Action;

namespace Minion.Orchestration.Schedules;

/// <summary>What is done with one schedule of a cluster file; null <paramref name="Definition"/>: it is removed.</summary>
internal sealed record ScheduleChange(Action Action, string Name, ScheduleRecord? Current, ScheduleDefinition? Definition)
{
    public Change ToProto() => new()
    {
        Action = Action,
        Kind = "schedule",
        Name = Name,
        Diff = Current is { } from && Definition is { } to && Action == Action.Updated
            ? UnifiedDiff.Of(ScheduleYaml.Text(from.Definition), ScheduleYaml.Text(to), $"schedule {Name}", $"schedule {Name}")
            : "",
    };
}

/// <summary>Compares the schedules of a cluster file with those that the tenant has.</summary>
internal static class SchedulePlan
{
    /// <summary>Pure; what contradicts goes to <paramref name="problems"/>.</summary>
    public static IReadOnlyList<ScheduleChange> Make(ClusterFile file, IReadOnlyList<ScheduleRecord> stored, IReadOnlyList<AgentVersion> agents, Problems problems)
    {
        var known = file.Agents.Select(a => a.Definition.Name)
            .Concat(agents.Where(a => a.Cluster != file.Name && a.Status != AgentStatus.Archived).Select(a => a.Name))
            .ToHashSet();
        var byName = stored.ToDictionary(s => s.Definition.Name);
        var changes = new List<ScheduleChange>();
        foreach (var (definition, node) in file.Schedules)
        {
            if (definition.Agent.Length > 0 && !known.Contains(definition.Agent))
            {
                var meant = Nearest.To(definition.Agent, known) is { } near ? $" Did you mean '{near}'?" : "";
                problems.AddUnder(node, "agent", $"there is no agent or team '{Quoted.Cut(definition.Agent, 63)}'.{meant}");
            }

            var current = byName.GetValueOrDefault(definition.Name);
            if (current is not null && current.Cluster != file.Name)
            {
                var owner = current.Cluster is { } other ? $"belongs to the cluster '{other}'" : "was made through the API";
                problems.AddUnder(node, "name", $"the schedule '{definition.Name}' {owner}; choose another name, or remove that one first");
            }

            var action = current is null ? Action.Created : current.Definition.Equals(definition) ? Action.Unchanged : Action.Updated;
            changes.Add(new ScheduleChange(action, definition.Name, current, definition));
        }

        var declared = file.Schedules.Select(s => s.Definition.Name).ToHashSet();
        changes.AddRange(stored
            .Where(s => s.Cluster == file.Name && !declared.Contains(s.Definition.Name))
            .Select(s => new ScheduleChange(Action.Removed, s.Definition.Name, s, null)));
        return changes;
    }

    /// <summary>Makes one change.</summary>
    public static Task ApplyAsync(
        ScheduleStore schedules, TenantTransaction transaction, Caller caller, string cluster, ScheduleChange change, CancellationToken cancellation) => change switch
        {
            { Action: Action.Unchanged } => Task.CompletedTask,
            { Definition: null } => ScheduleStore.DeleteAsync(transaction, change.Current!.Id, cancellation),
            { Current: null } => schedules.InsertAsync(transaction, caller, change.Definition, paused: false, cluster, cancellation),
            _ => schedules.UpdateAsync(transaction, caller, change.Definition, cancellation),
        };
}
