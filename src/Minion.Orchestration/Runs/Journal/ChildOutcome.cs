using System.Text.Json.Nodes;

namespace Minion.Orchestration.Runs.Journal;

/// <summary>A child's end as the outcome of the call that started it: <c>{"output": …}</c>, or why there is none.</summary>
internal static class ChildOutcome
{
    public static CallReturned Of(string tool, ChildEnded ended) => ended.Status == ChildEnded.Completed
        ? new CallReturned(tool, new JsonObject { ["output"] = ended.Output }.ToJsonString(), Failure: null)
        : new CallReturned(
            tool,
            Result: null,
            ended.Failure ?? new CallFailure(ended.Status, $"The agent '{ended.Agent}' did not complete.", "Go on without it, or ask differently."));
}
