using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Composing;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.EngineTools;

/// <summary>Has another agent do something; its answer is the result of the call.</summary>
internal sealed class RunAgentTool : IDecidingTool
{
    private const int LongestAgent = 63;

    public string Name => EngineToolList.RunAgent;

    public ToolDescription Describe(AgentDefinition agent) => new(
        Name,
        "1",
        "Gives a task to another agent and returns its answer. Several calls in one message work at the same time.",
        AgentSchema.Of(agent, "input", "What the agent is to do, with everything that it needs to know: it sees nothing else."),
        ToolEffect.Idempotent);

    public Decision Decide(CallState call, RunState state)
    {
        var arguments = new CallArguments(call);
        var agent = arguments.Text("agent", LongestAgent);
        var input = arguments.Text("input", RunRequests.MaxInputBytes / 4);
        return arguments.Refusal("Call it with {\"agent\": \"…\", \"input\": \"…\"}.")
            ?? (Decision)new StartChildren(call.Step, [new ChildRequest(agent, input, agent) { Call = call.Request.Call }]);
    }
}
