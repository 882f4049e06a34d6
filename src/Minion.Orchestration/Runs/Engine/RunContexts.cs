using Minion.Models;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Composing;
using Minion.Orchestration.Runs.EngineTools;
using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Runs.Stages;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>Reads what a run works with, once for each time that it is held. An outage of the database is waited out.</summary>
internal sealed class RunContexts(
    AgentStore agents,
    ModelStore models,
    ToolCatalog tools,
    ToolSetStore toolSets,
    EngineToolSet engineTools,
    HistoryStore history,
    ProvidedContext provided,
    ModelCatalog catalog,
    Outages outages)
{
    public async ValueTask<RunContext> ForAsync(HeldRun held, CancellationToken ct) =>
        held.Context ??= await outages.WaitOutAsync(held, () => ReadAsync(held, ct), ct);

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

        var recorded = held.State.Context;
        string? told = null;
        IReadOnlyList<string>? missing = null;
        if (recorded is null)
        {
            (told, missing, failure) = await provided.ForAsync(held.Caller, agent.Definition.Context, run.Input, ct);
            if (failure is not null)
            {
                return Failed(agent, failure);
            }
        }

        if ((run.SessionId ?? run.Overrides?.Session) is not { } session || run.LastMessage == 0)
        {
            return new RunContext(agent, model, set, SessionHistory.None) { Recorded = recorded ?? Begins(run, agent, set, told, missing) };
        }

        if (recorded is null)
        {
            var weights = await history.WeighAsync(run.Tenant, session, run.LastMessage, ct);
            var budget = ContextBudgets.Of(agent.Definition, model, WindowOf(model), set, run.Input, told);
            recorded = ContextPlan.Make(Begins(run, agent, set, told, missing), weights, budget);
        }

        var said = await history.ReadAsync(run.Tenant, session, recorded, held.State.SummarisedThrough, ct);
        return new RunContext(agent, model, set, said) { Recorded = recorded };
    }

    private ContextRecorded Begins(ClaimedRun run, AgentVersion agent, ToolSet set, string? told, IReadOnlyList<string>? missing)
    {
        string[] ofEngine = [.. new ToolSelection(agent.Definition.Tools).Names.Where(engineTools.Names.Contains)];
        return new ContextRecorded(run.FirstMessage, run.LastMessage, set.Hash) { EngineTools = ofEngine.Length > 0 ? ofEngine : null, Provided = told, NotProvided = missing };
    }

    private long? WindowOf(ModelDefinition model) =>
        model.ContextWindow ?? (catalog.Current.Find($"{model.Provider}/{model.Model}") ?? catalog.Current.Find(model.Name))?.ContextWindow;

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

        var selection = new ToolSelection(agent.Definition.Tools);
        var own = engineTools.Of(agent.Definition, selection);
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

    private static RunContext Failed(AgentVersion agent, Fail failure) => new(agent, null!, ToolSet.Empty, SessionHistory.None) { Failure = failure, Recorded = new ContextRecorded(0, 0, ToolSet.Empty.Hash) };
}
