using Microsoft.Extensions.Logging;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Composing;
using Minion.Orchestration.Runs.EngineTools;
using Npgsql;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>Reads what a run works with, once for each time that it is held. An outage of the database is waited out.</summary>
internal sealed class RunContexts(
    AgentStore agents,
    ModelStore models,
    ToolCatalog tools,
    ToolSetStore toolSets,
    EngineToolSet engineTools,
    HistoryStore history,
    TimeProvider time,
    ILogger<RunContexts> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public async ValueTask<RunContext> ForAsync(HeldRun held, CancellationToken ct)
    {
        while (held.Context is null)
        {
            try
            {
                held.Context = await ReadAsync(held, ct);
            }
            catch (NpgsqlException outage) when (outage is not PostgresException || outage.IsTransient)
            {
                EngineLog.ContextDelayed(logger, held.Run.Id, outage.Message);
                await Task.Delay(Pause, time, ct);
            }
        }

        return held.Context;
    }

    private async Task<RunContext> ReadAsync(HeldRun held, CancellationToken ct)
    {
        var run = held.Run;
        var agent = await agents.FindVersionAsync(run.Tenant, run.AgentId, run.AgentVersion, ct)
            ?? throw new InvalidOperationException($"Version {run.AgentVersion} of agent {run.AgentId} is gone.");
        agent = run.Overrides is { } overrides ? agent with { Definition = overrides.Apply(agent.Definition) } : agent;
        var model = await models.FindAsync(run.Tenant, agent.Definition.Model, held.Model, ct);
        if (model is null)
        {
            return Failed(agent, new Fail(
                "unknown_model",
                $"The agent '{run.Agent}' uses the model '{agent.Definition.Model}', which does not exist any more.",
                "Declare the model and apply the file again, then 'minion run retry'."));
        }

        var (set, failure) = await ToolsAsync(held, agent, ct);
        if (failure is not null)
        {
            return Failed(agent, failure);
        }

        var messages = (run.SessionId ?? run.Overrides?.Session) is { } session && run.LastMessage > 0
            ? await history.ReadAsync(run.Tenant, session, run.FirstMessage, run.LastMessage, ct)
            : [];
        return new RunContext(agent, model, set, messages) { EngineTools = [.. agent.Definition.Tools.Where(engineTools.Names.Contains)] };
    }

    /// <summary>The tools as they were when the run began; what they are today for a run that begins.</summary>
    private async Task<(ToolSet Tools, Fail? Failure)> ToolsAsync(HeldRun held, AgentVersion agent, CancellationToken ct)
    {
        if (agent.Definition.Tools.Count == 0)
        {
            return (ToolSet.Empty, null);
        }

        if (held.State.Context is { } recorded && await toolSets.FindAsync(held.Run.Tenant, recorded.ToolsHash, ct) is { } then)
        {
            return (then, null);
        }

        var own = engineTools.Of(agent.Definition);
        var others = agent.Definition.Tools.Where(t => !engineTools.Names.Contains(t)).ToArray();
        var (set, failure) = others.Length > 0 ? await tools.FindAsync(held.Caller, others, ct) : (ToolSet.Empty, null);
        if (failure is not null)
        {
            return (set, failure);
        }

        set = own.Count > 0 ? new ToolSet([.. set.Tools, .. own]) : set;
        await toolSets.KeepAsync(held.Run.Tenant, set, ct);
        return (set, null);
    }

    private static RunContext Failed(AgentVersion agent, Fail failure) => new(agent, null!, ToolSet.Empty, []) { Failure = failure };
}
