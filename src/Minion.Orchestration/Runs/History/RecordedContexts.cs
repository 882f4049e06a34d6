using Minion.Orchestration.Agents;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Composing;
using Minion.Orchestration.Runs.Engine;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.History;

/// <summary>Composes the prompts of a recorded run again, from what it worked with.</summary>
internal sealed class RecordedContexts(AgentStore agents, ToolSetStore toolSets, HistoryStore history)
{
    /// <summary>Gives the hash of each prompt, or says why that is not known.</summary>
    public async Task<(Func<CallModel, RunState, string>? Hash, string WhyNot)> ForAsync(
        string tenant, RecordedRun run, IReadOnlyList<Entry> entries, CancellationToken ct)
    {
        if (entries.Select(e => e.Payload).OfType<ContextRecorded>().FirstOrDefault() is not { } context)
        {
            return (null, "the run has called no model.");
        }

        if (await agents.FindVersionAsync(tenant, run.AgentId, run.AgentVersion, ct) is not { } agent)
        {
            return (null, "the version of its agent is gone.");
        }

        var tools = agent.Definition.Tools.Count == 0 ? ToolSet.Empty : await toolSets.FindAsync(tenant, context.ToolsHash, ct);
        if (tools is null)
        {
            return (null, "the descriptions of its tools are gone.");
        }

        var said = SessionHistory.None;
        if (run is { Session: { } session, LastMessage: > 0 })
        {
            said = await history.ReadAsync(tenant, session, context, done: null, ct);
            if (said.Messages.Count(m => m.Seq >= context.FirstMessage) != context.LastMessage - context.FirstMessage + 1)
            {
                return (null, "its session's messages are gone.");
            }
        }

        var definition = run.Overrides?.Apply(agent.Definition) ?? agent.Definition;
        return ((call, state) => PromptComposer.Hash(
            Prompts.For(PromptInstructions.With(definition.Instructions, context.Provided), said, run.Input, state, call),
            (call.WithTools ? tools : ToolSet.Empty).Hash), "");
    }
}
