using System.Text.Json.Nodes;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Runs;

/// <summary>Gathers the tool calls of a run from its journal, in the order in which they were asked for.</summary>
internal sealed class ToolCallLog
{
    private readonly Dictionary<(int Step, int Call), (string Tool, string Arguments)> _asked = [];
    private readonly Dictionary<(int Step, int Call), ToolEntry> _outcomes = [];

    // Calls stand in the step of the model's answer or in the one after it: a result belongs to the latest asking of its position.
    public void Add(Entry entry)
    {
        if (entry.Model is { } model)
        {
            foreach (var call in model.ToolCalls)
            {
                _asked[(entry.Step, call.Call)] = (call.Tool, call.Arguments);
            }
        }
        else if (entry.Tool is { } tool)
        {
            _outcomes[Asking(entry.Step, entry.Call) ?? (entry.Step, entry.Call)] = tool;
        }
    }

    /// <summary>The arguments that a result belongs to; empty when the log does not have them.</summary>
    public string ArgumentsOf(Entry entry) => Asking(entry.Step, entry.Call) is { } key ? _asked[key].Arguments : "";

    public JsonArray ToJson() =>
    [
        .. _asked.Keys.Union(_outcomes.Keys).Order().Select(key =>
        {
            var outcome = _outcomes.GetValueOrDefault(key);
            var asked = _asked.GetValueOrDefault(key);
            return new JsonObject
            {
                ["tool"] = asked.Tool ?? outcome?.Tool,
                ["arguments"] = JsonOutput.Parse(asked.Arguments ?? ""),
                ["result"] = JsonOutput.Parse(outcome?.Result ?? ""),
                ["failed"] = outcome?.Failure is not null,
                ["error"] = outcome?.Failure?.Message,
            };
        }),
    ];

    private (int Step, int Call)? Asking(int step, int call)
    {
        var candidates = _asked.Keys.Where(k => k.Call == call && k.Step <= step).ToList();
        return candidates.Count == 0 ? null : candidates.Max();
    }
}
