using System.Text.Json;
using Minion.Contracts.Callers;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Engine;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.History;

/// <summary>Forks runs: what is taken over, what is otherwise, and who may.</summary>
internal sealed class Forker(
    RecordedRuns recorded, ForkStore store, RunStore runs, AgentStore agents, ModelStore models, BehaviourRegistry behaviours, WakeUps wakeUps, TimeProvider time)
{
    public async Task<(RunRecord Run, bool Existed)> ForkAsync(Caller caller, ForkRunRequest request, CancellationToken ct)
    {
        var id = RunRequests.RunId(request.RunId, "run_id");
        var original = await recorded.FindAsync(caller.Tenant, id, ct) ?? throw RunFaults.NotFound(request.RunId);
        var agent = await AgentAsync(caller, original, request, ct);
        if (request.Model.Length > 0 && await models.FindAsync(caller.Tenant, request.Model, stamp: null, ct) is null)
        {
            throw HistoryFaults.UnknownModel(request.Model);
        }

        var entries = await recorded.EntriesAsync(caller.Tenant, id, withTexts: false, ct);
        var afterSeq = HistoryRequests.Seq(request.At, entries);
        HistoryRequests.CheckChanges(request, entries, afterSeq);
        var isOtherVersion = agent.Version != original.AgentVersion;
        var taken = JournalCut.Of(entries, afterSeq, withContext: !isOtherVersion);
        var limits = isOtherVersion ? RunLimits.From(agent.Definition.Limits, request: null) : original.Limits;
        var now = time.GetStoredNow();
        var fork = new Fork(
            Guid.CreateVersion7(now),
            original.Id,
            afterSeq,
            taken,
            agent.AgentId,
            agent.Name,
            agent.Version,
            Behaviour(original, agent, taken),
            isOtherVersion ? OptionsOf(agent.Definition) : original.Options,
            JsonSerializer.Serialize(limits, RunJsonContext.Default.RunLimits),
            request.HasInput ? StoredText.Clean(request.Input) : original.Input,
            request.RequestId.Length > 0 ? StoredText.Clean(request.RequestId) : null,
            caller.Principal,
            [.. agent.Definition.Permissions.Where(caller.May)],
            new ForkOverrides
            {
                Model = request.Model.Length > 0 ? request.Model : original.Overrides?.Model,
                Instructions = request.HasInstructions ? StoredText.Clean(request.Instructions) : original.Overrides?.Instructions,
                Session = original.Session,
            },
            now + limits.Timeout,
            now);
        var made = await store.MakeAsync(caller.Tenant, fork, ct);
        if (made)
        {
            wakeUps.WakeAll();
            return ((await runs.FindAsync(caller.Tenant, fork.Id, ct))!, false);
        }

        return fork.RequestId is { } requestId && await runs.FindByRequestAsync(caller.Tenant, requestId, ct) is { } existing
            ? existing.ForkedFrom == original.Id && existing.FromSeq == afterSeq ? (existing, true) : throw RunFaults.OtherRequest(requestId)
            : throw RunFaults.NotFound(request.RunId);
    }

    private async Task<AgentVersion> AgentAsync(Caller caller, RecordedRun original, ForkRunRequest request, CancellationToken ct)
    {
        var current = await agents.FindVersionAsync(caller.Tenant, original.Agent, request.AgentVersion, ct)
            ?? throw AgentFaults.NotFound(original.Agent, request.AgentVersion);
        if (current.Status != AgentStatus.Active)
        {
            throw RunFaults.AgentNotActive(current.Name, current.Status.ToText());
        }

        return request.AgentVersion != 0
            ? current
            : await agents.FindVersionAsync(caller.Tenant, original.AgentId, original.AgentVersion, ct) ?? throw AgentFaults.NotFound(original.Agent, original.AgentVersion);
    }

    /// <summary>A journal is only continued by the behaviour that it was begun with.</summary>
    private string Behaviour(RecordedRun original, AgentVersion agent, IReadOnlyList<Journal.Entry> taken)
    {
        var name = agent.Definition.Behaviour.Length == 0 ? BehaviourList.Default : agent.Definition.Behaviour;
        if (agent.Version == original.AgentVersion || original.Behaviour.StartsWith(name + "@", StringComparison.Ordinal))
        {
            return original.Behaviour;
        }

        return taken.Count > 0
            ? throw HistoryFaults.OtherBehaviour(original.Behaviour, agent.Version, name)
            : behaviours.Newest(name)?.Name ?? throw RunFaults.UnknownBehaviour(agent.Name, name, behaviours.Names);
    }

    private static string OptionsOf(AgentDefinition definition) => definition.BehaviourOptions.Length == 0 ? "{}" : definition.BehaviourOptions;
}
