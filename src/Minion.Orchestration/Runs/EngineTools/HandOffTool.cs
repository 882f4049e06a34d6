using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Composing;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.EngineTools;

/// <summary>Gives the whole task to another agent, with the conversation: the other one's answer is the run's.</summary>
internal sealed class HandOffTool : IDecidingTool
{
    private const int LongestAgent = 63;
    private const int LongestMessage = 100_000;

    public string Name => EngineToolList.HandOff;

    public ToolDescription Describe(AgentDefinition agent) => new(
        Name,
        "1",
        "Hands the user over to another agent, which sees the conversation and answers in your place. Use it when the task is another agent's.",
        AgentSchema.Of(agent, "message", "What the other agent should know: why it is asked, and what was done so far."),
        ToolEffect.Idempotent);

    public Decision Decide(CallState call, RunState state)
    {
        var arguments = new CallArguments(call);
        var agent = arguments.Text("agent", LongestAgent);
        var message = arguments.Text("message", LongestMessage);
        return arguments.Refusal("Call it with {\"agent\": \"…\", \"message\": \"…\"}.")
            ?? (Decision)new StartChildren(
                call.Step,
                [new ChildRequest(agent, $"{state.Input}\n\nHanded over to you with the message: {message}", agent) { Call = call.Request.Call, SeesConversation = true }]);
    }

    public Decision? Conclude(CallState call, RunState state) =>
        call.Child?.Ended is { Status: ChildEnded.Completed } ended ? new Finish(ended.Output ?? "") : null;
}
