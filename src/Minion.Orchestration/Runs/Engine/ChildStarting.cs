using Minion.Orchestration.Agents;
using Minion.Orchestration.Runs.Behaviours;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>Starts child runs: they are inserted with the append that records them. One that cannot be started ends at once, with the reason.</summary>
internal sealed class ChildStarting(
    AgentStore agents, BehaviourRegistry behaviours, RunContexts contexts, RunWriter writer, Outages outages, TimeProvider time)
{
    private static readonly Fail Stuck = new(
        "behaviour_stuck", "The behaviour starts children that it has started before.", "This is an error of the behaviour.");

    /// <summary>Whether the run goes on with this worker.</summary>
    public async Task<bool> StartAsync(Work work, StartChildren decision)
    {
        var held = work.Held;
        IReadOnlyCollection<string>? allowed = null;
        if (decision.Children.Any(c => c.Call is not null))
        {
            var context = await contexts.ForAsync(held, work.Effects);
            if (context.Failure is { } failure)
            {
                return await writer.EndAsync(work, failure);
            }

            allowed = context.Agent.Definition.Agents;
        }

        var found = new Dictionary<string, AgentVersion?>(StringComparer.Ordinal);
        foreach (var name in decision.Children.Select(c => c.Agent).Distinct(StringComparer.Ordinal))
        {
            found[name] = await FindAsync(held, name, work.Effects);
        }

        var plan = ChildPlan.Make(held.Run, held.State, decision, found, allowed, behaviours, time.GetStoredNow());
        if (plan.Count == 0)
        {
            return await writer.EndAsync(work, Stuck);
        }

        foreach (var (entry, child) in plan)
        {
            work.Record(entry);
            if (child is not null)
            {
                work.PendingChildren.Add(child);
            }
        }

        return true;
    }

    /// <summary>The agent as it is now.</summary>
    private Task<AgentVersion?> FindAsync(HeldRun held, string agent, CancellationToken ct) => outages.WaitOutAsync(
        held, () => agents.FindForAsync(held.Run.Tenant, agent, (held.Run.SessionId ?? held.Run.RootId).ToString(), ct), ct);
}
