using System.Globalization;
using Minion.Contracts.Callers;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;
using Entry = Minion.Orchestration.Runs.Journal.Entry;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>What becomes of a decision to start children: an entry for each, and the run where there is one. Pure.</summary>
internal static class ChildPlan
{
    /// <summary>The entries in order, each with the child that it starts; null for one that could not be started. Empty when all were started before.</summary>
    /// <param name="parent">The run.</param>
    /// <param name="state">The fold of its journal.</param>
    /// <param name="decision">What it wants to start.</param>
    /// <param name="agents">The agents that it names, as they are now; null for one that does not exist.</param>
    /// <param name="allowed">The agents that its model may start by a call; null when no call asks for it.</param>
    /// <param name="behaviours">The behaviours of this process.</param>
    /// <param name="now">The time.</param>
    public static List<(Entry Entry, ChildRun? Child)> Make(
        ClaimedRun parent,
        RunState state,
        StartChildren decision,
        IReadOnlyDictionary<string, AgentVersion?> agents,
        IReadOnlyCollection<string>? allowed,
        BehaviourRegistry behaviours,
        DateTimeOffset now)
    {
        var planned = new List<(Entry, ChildRun?)>();
        var wanted = decision.Children
            .Select((request, i) => (Request: request, Call: request.Call ?? i))
            .Select(c => (c.Request, c.Call, Id: ChildIds.Of(parent.Id, decision.Step, c.Call)))
            .Where(c => state.FindChild(c.Id) is null)
            .ToList();
        var share = Share.Of(parent, state, wanted.Count, now);
        var started = state.Children.Count;
        foreach (var (request, call, id) in wanted)
        {
            var agent = agents.GetValueOrDefault(request.Agent);
            var behaviour = agent is null ? null : behaviours.Newest(agent.Definition.Behaviour);
            var refusal = Refusal(parent, request, agent, behaviour, allowed, started, share);
            if (refusal is null)
            {
                var child = Child(state, parent, request, agent!, behaviour!, id, decision.Step, call, share, now);
                planned.Add((Started(child, now), child));
                started++;
            }
            else
            {
                var ended = new ChildEnded(id, request.Agent, request.Label, ChildEnded.Failed, Output: null, refusal);
                planned.Add((new Entry(0, decision.Step, call, 0, ended, now, now), null));
            }
        }

        return planned;
    }

    private static CallFailure? Refusal(
        ClaimedRun parent, ChildRequest request, AgentVersion? agent, IBehaviour? behaviour, IReadOnlyCollection<string>? allowed, int started, Share share)
    {
        if (request.Call is not null && allowed?.Contains(request.Agent) != true)
        {
            return new CallFailure(
                "not_allowed",
                $"The agent '{parent.Agent}' may not start the agent '{request.Agent}'.",
                allowed is { Count: > 0 } ? $"Use one of: {string.Join(", ", allowed)}." : "Its definition names no agents.");
        }

        if (agent is null)
        {
            return new CallFailure("unknown_agent", $"There is no agent '{request.Agent}'.", "Use another agent, or go on without it.");
        }

        if (agent.Status != AgentStatus.Active)
        {
            return new CallFailure(
                "agent_not_active", $"The agent '{agent.Name}' is {agent.Status.ToText()}; only an active agent starts runs.", "Use another agent, or go on without it.");
        }

        if (behaviour is null)
        {
            return new CallFailure(
                "unknown_behaviour", $"The agent '{agent.Name}' has the behaviour '{agent.Definition.Behaviour}', which does not exist.", "Use another agent.");
        }

        if (parent.Limits.MaxDepth < 1)
        {
            return Limit(string.Create(CultureInfo.InvariantCulture, $"The run is {parent.Depth} levels deep and may start no others (max_depth)."));
        }

        if (started >= parent.Limits.MaxChildren)
        {
            return Limit(string.Create(CultureInfo.InvariantCulture, $"The run has started {started} others and may start no more (max_children)."));
        }

        return share.IsNothing ? Limit("Nothing is left of the tokens, the money or the time of the run for another one.") : null;
    }

    private static CallFailure Limit(string message) => new("limit_exceeded", message, "Go on without it: do it yourself, or finish with what there is.");

    private static ChildRun Child(
        RunState state, ClaimedRun parent, ChildRequest request, AgentVersion agent, IBehaviour behaviour, Guid id, int step, int call, Share share, DateTimeOffset now)
    {
        var limits = share.Narrow(RunLimits.From(agent.Definition.Limits, request: null), parent.Limits);
        var caller = new Caller(parent.Tenant, parent.Principal, parent.Permissions);
        return new ChildRun(id, step, call, agent)
        {
            Behaviour = behaviour.Name,
            Label = StoredText.Clean(request.Label),
            Input = StoredText.Clean(request.Input),
            Permissions = [.. agent.Definition.Permissions.Where(caller.May)],
            Limits = limits,
            Deadline = now + limits.Timeout,
            SeesConversation = request.SeesConversation,
            IsTainted = state.IsTainted,
            Options = agent.Definition.BehaviourOptions is { Length: > 0 } options ? options : "{}",
        };
    }

    private static Entry Started(ChildRun child, DateTimeOffset now)
    {
        var started = new ChildStarted(child.Id, child.Agent.Name, child.Label, child.Input)
        {
            MaxTokens = child.Limits.MaxTokens,
            MaxCostUsd = child.Limits.MaxCostUsd,
            Tainted = child.IsTainted,
        };
        return new Entry(0, child.Step, child.Call, 0, started, now, now);
    }
}
