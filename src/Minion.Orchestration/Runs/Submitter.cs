using System.Diagnostics;
using System.Text.Json;
using Minion.Contracts.Callers;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Engine;
using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Runs.Watching;
using Minion.Orchestration.Sessions;

namespace Minion.Orchestration.Runs;

/// <summary>
/// Accepts runs: durable first, then acknowledged. A worker with a free slot in this process has the run at once. The agent is taken for what it was when
/// it was last asked for; the submission checks that in its own transaction, and only when it was wrong the agent is read.
/// </summary>
internal sealed class Submitter(
    AgentStore agents,
    SubmitStore store,
    SubmitQueue queue,
    RunStore runs,
    SessionStore sessions,
    SignalStore signals,
    BehaviourRegistry behaviours,
    Engine.Worker worker,
    LimitedClaims limited,
    LiveFeeds feeds,
    WakeUps wakeUps,
    TimeProvider time)
{
    /// <summary>How often an agent may change under a submission.</summary>
    private const int MaxAttempts = 3;

    /// <summary>The run, and whether its request_id had been used before.</summary>
    public async Task<(RunRecord Run, bool Existed)> StartAsync(Caller caller, StartRunRequest request, CancellationToken ct)
    {
        var startAt = request.StartAt?.ToDateTimeOffset() is { } at && at > time.GetUtcNow() ? Rounded(at) : (DateTimeOffset?)null;
        var lease = startAt is null ? worker.TryTakeSlot() : null;
        var id = Guid.CreateVersion7(time.GetStoredNow());
        var begun = false;
        try
        {
            var agent = agents.Guess(caller.Tenant, request.Agent, request.AgentVersion);
            for (var attempt = agent is { Status: AgentStatus.Active } ? 0 : 1; ; attempt++)
            {
                if (attempt > 0)
                {
                    agent = await agents.FindVersionAsync(caller.Tenant, request.Agent, request.AgentVersion, ct)
                        ?? throw AgentFaults.NotFound(request.Agent, request.AgentVersion);
                }

                if (agent!.IsLimited && lease is not null)
                {
                    // There may be no room for it: that is counted when runs are claimed.
                    worker.GiveBackSlot();
                    lease = null;
                }

                var version = agent.Traffic is null || request.AgentVersion != 0 ? agent : await ChooseAsync(caller.Tenant, request, agent, id, ct);
                var submission = Submission(caller, request, version, id, lease, startAt);
                if (await SubmitAsync(submission) is { } acceptance)
                {
                    var run = submission.Run with { FirstMessage = acceptance.First, LastMessage = acceptance.Last };
                    await StopBelowAsync(run, acceptance);
                    if (lease is null || acceptance.IsQueued)
                    {
                        limited.Expect(submission.IsLimited);
                        // A delayed one too: whoever waits for the next time looks again.
                        wakeUps.WakeAll();
                    }
                    else
                    {
                        worker.Begin(new HeldRun(run, behaviours.Exact(run.Behaviour), lease, feeds.Hold(run.Tenant, run.Id), [], Activity.Current?.Context ?? default) { Model = acceptance.Model });
                        begun = true;
                    }

                    return (Accepted(run, submission, acceptance.IsQueued), false);
                }

                if (await ExistingAsync(caller, submission, ct) is { } existing)
                {
                    return (existing, true);
                }

                if (attempt > 0 && submission.Run.SessionId is { } session)
                {
                    throw await sessions.ExplainAsync(caller.Tenant, session, agent!.Name, ct);
                }

                if (attempt == MaxAttempts)
                {
                    throw RunFaults.AgentChanges(request.Agent);
                }
            }
        }
        finally
        {
            if (lease is not null && !begun)
            {
                worker.GiveBackSlot();
            }
        }
    }

    /// <summary>What the interrupted runs have started is asked to stop at once; it would be when they end.</summary>
    private async Task StopBelowAsync(ClaimedRun run, Acceptance acceptance)
    {
        foreach (var interrupted in acceptance.Interrupted ?? [])
        {
            var payload = SignalJson.Write(questionId: null, choice: null, $"Interrupted by run {run.Id}.", run.Principal);
            await signals.CancelBelowAsync(run.Tenant, interrupted, payload, CancellationToken.None);
        }
    }

    // Not given up with the caller: what may be committed must also begin.
    private Task<Acceptance?> SubmitAsync(Submission submission) =>
        submission.Run.SessionId is null ? queue.SubmitAsync(submission) : store.SubmitInSessionAsync(submission, CancellationToken.None);

    /// <summary>The version that the agent's traffic gives the run: the one that its session began with, or else the one of its place on the scale.</summary>
    private async Task<AgentVersion> ChooseAsync(string tenant, StartRunRequest request, AgentVersion current, Guid id, CancellationToken ct)
    {
        var session = Guid.TryParse(request.SessionId, out var given) ? given : (Guid?)null;
        if (session is { } conversation && await runs.LastVersionAsync(tenant, conversation, current.AgentId, ct) is { } begun && current.Traffic!.Has(begun))
        {
            return await agents.OtherVersionAsync(tenant, current, begun, ct);
        }

        var key = session?.ToString() ?? (request.RequestId.Length > 0 ? request.RequestId : id.ToString());
        return await agents.OtherVersionAsync(tenant, current, current.Traffic!.Choose(current.AgentId, key), ct);
    }

    private Submission Submission(Caller caller, StartRunRequest request, AgentVersion agent, Guid id, Lease? lease, DateTimeOffset? startAt)
    {
        if (agent.Status != AgentStatus.Active)
        {
            throw RunFaults.AgentNotActive(agent.Name, agent.Status.ToText());
        }

        var behaviour = behaviours.Newest(agent.Definition.Behaviour)
            ?? throw RunFaults.UnknownBehaviour(agent.Name, agent.Definition.Behaviour, behaviours.Names);
        var limits = RunLimits.From(agent.Definition.Limits, request.Limits);
        var now = time.GetStoredNow();
        var run = new ClaimedRun
        {
            Tenant = caller.Tenant,
            Id = id,
            RootId = id,
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
            Deadline = (startAt ?? now) + limits.Timeout,
            Options = agent.Definition.BehaviourOptions is { Length: > 0 } options ? options : "{}",
            Priority = request.Priority,
            Input = StoredText.Clean(request.Input),
            CreatedAt = now,
            IsTainted = request.Tainted,
        };
        return new Submission(
            run,
            request.RequestId.Length > 0 ? StoredText.Clean(request.RequestId) : null,
            request.Priority,
            JsonSerializer.Serialize(limits, RunJsonContext.Default.RunLimits),
            lease?.WorkerId,
            agent.Revision,
            agent.Definition.Model)
        {
            StartAt = startAt,
            Turns = request.Turns == TurnPolicy.Unspecified ? "" : request.Turns.ToText(),
            IsLimited = agent.IsLimited,
        };
    }

    /// <summary>As the database keeps it.</summary>
    private static DateTimeOffset Rounded(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));

    private async Task<RunRecord?> ExistingAsync(Caller caller, Submission submission, CancellationToken ct)
    {
        if (submission.RequestId is not { } requestId || await runs.FindByRequestAsync(caller.Tenant, requestId, ct) is not { } existing)
        {
            return null;
        }

        var run = submission.Run;
        return existing.Agent == run.Agent && existing.SessionId == run.SessionId && existing.Input == run.Input
            ? existing
            : throw RunFaults.OtherRequest(requestId);
    }

    private static RunRecord Accepted(ClaimedRun run, Submission submission, bool isQueued) => new(
        run.Id,
        run.Agent,
        run.AgentVersion,
        run.Behaviour,
        run.SessionId,
        submission.RequestId,
        isQueued ? "waiting" : submission.Status,
        submission.Priority,
        run.Input,
        Output: null,
        Error: null,
        Usage: default,
        NextSeq: 1,
        Questions: [],
        run.CreatedAt,
        submission.WorkerId is null || isQueued ? null : run.CreatedAt,
        EndedAt: null,
        run.Deadline)
    {
        RootId = run.RootId,
        WakeAt = isQueued ? null : submission.StartAt,
        IsQueued = isQueued,
    };
}
