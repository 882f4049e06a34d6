using System.Diagnostics;
using System.Text.Json;
using Minion.Contracts.Callers;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Engine;
using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Runs.Watching;
using Minion.Orchestration.Sessions;

namespace Minion.Orchestration.Runs;

/// <summary>Accepts runs: durable first, then acknowledged. A worker with a free slot in this process has the run at once.</summary>
internal sealed class Submitter(
    AgentStore agents, SubmitStore store, RunStore runs, SessionStore sessions, Engine.Worker worker, LiveFeeds feeds, WakeUps wakeUps, TimeProvider time)
{
    /// <summary>The run, and whether its request_id had been used before.</summary>
    public async Task<(RunRecord Run, bool Existed)> StartAsync(Caller caller, StartRunRequest request, CancellationToken ct)
    {
        var agent = await agents.FindVersionAsync(caller.Tenant, request.Agent, request.AgentVersion, ct)
            ?? throw AgentFaults.NotFound(request.Agent, request.AgentVersion);
        if (agent.Status != AgentStatus.Active)
        {
            throw RunFaults.AgentNotActive(agent.Name, agent.Status.ToText());
        }

        var behaviour = BehaviourList.Newest(agent.Definition.Behaviour)
            ?? throw RunFaults.UnknownBehaviour(agent.Name, agent.Definition.Behaviour, BehaviourList.Names);
        var limits = RunLimits.From(agent.Definition.Limits, request.Limits);
        var lease = worker.TryTakeSlot();
        var begun = false;
        try
        {
            var now = time.GetStoredNow();
            var run = new ClaimedRun
            {
                Tenant = caller.Tenant,
                Id = Guid.CreateVersion7(now),
                AgentId = agent.AgentId,
                Agent = agent.Name,
                AgentVersion = agent.Version,
                Behaviour = behaviour.Name,
                SessionId = request.SessionId.Length > 0 ? Guid.Parse(request.SessionId) : null,
                FirstMessage = 0,
                LastMessage = 0,
                Principal = caller.Principal,
                Permissions = [.. agent.Definition.Permissions.Where(caller.May)],
                Epoch = lease is null ? 0 : 1,
                NextSeq = 1,
                Limits = limits,
                Deadline = now + limits.Timeout,
                Input = StoredText.Clean(request.Input),
                CreatedAt = now,
            };
            var requestId = request.RequestId.Length > 0 ? StoredText.Clean(request.RequestId) : null;
            var limitsJson = JsonSerializer.Serialize(limits, RunJsonContext.Default.RunLimits);
            // Not given up with the caller: what may be committed must also begin.
            var accepted = await store.SubmitAsync(run, requestId, request.Priority, limitsJson, lease?.WorkerId, CancellationToken.None);
            if (accepted is not { } history)
            {
                return (await ExistingAsync(caller, request, run, requestId, ct), true);
            }

            run = run with { FirstMessage = history.First, LastMessage = history.Last };
            if (lease is null)
            {
                wakeUps.WakeAll();
            }
            else
            {
                worker.Begin(new HeldRun(run, lease, feeds.Hold(run.Tenant, run.Id), [], Activity.Current?.Context ?? default));
                begun = true;
            }

            return (Accepted(run, requestId, request.Priority, lease is not null), false);
        }
        finally
        {
            if (lease is not null && !begun)
            {
                worker.GiveBackSlot();
            }
        }
    }

    private async Task<RunRecord> ExistingAsync(Caller caller, StartRunRequest request, ClaimedRun run, string? requestId, CancellationToken ct)
    {
        if (requestId is not null && await runs.FindByRequestAsync(caller.Tenant, requestId, ct) is { } existing)
        {
            return existing.Agent == run.Agent && existing.SessionId == run.SessionId && existing.Input == run.Input
                ? existing
                : throw RunFaults.OtherRequest(request.RequestId);
        }

        throw await sessions.ExplainAsync(caller.Tenant, run.SessionId!.Value, run.Agent, ct);
    }

    private static RunRecord Accepted(ClaimedRun run, string? requestId, int priority, bool claimed) => new(
        run.Id,
        run.Agent,
        run.AgentVersion,
        run.Behaviour,
        run.SessionId,
        requestId,
        claimed ? "running" : "ready",
        priority,
        run.Input,
        Output: null,
        Error: null,
        Usage: default,
        NextSeq: 1,
        Questions: [],
        run.CreatedAt,
        claimed ? run.CreatedAt : null,
        EndedAt: null,
        run.Deadline);
}
