using System.Text.Json.Nodes;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Runs;

/// <summary>What <c>chat -m … --output json</c> and <c>run … --output json</c> write: the answer with what led to it.</summary>
internal static class RunDocument
{
    public static JsonObject Create(Run run, ToolCallLog calls) => new()
    {
        ["run_id"] = run.Id,
        ["agent"] = run.Agent,
        ["agent_version"] = run.AgentVersion,
        ["session_id"] = run.SessionId,
        ["status"] = Phrases.Word(run.Status),
        ["answer"] = run.Status == RunStatus.Completed ? run.Output : null,
        ["tool_calls"] = calls.ToJson(),
        ["usage"] = Usage(run.Usage ?? new Usage()),
        ["error"] = run.Error is { } error
            ? new JsonObject { ["kind"] = error.Kind, ["message"] = error.Message, ["hint"] = error.Hint }
            : null,
        ["questions"] = JsonOutput.Nodes(run.Questions),
    };

    private static JsonObject Usage(Usage usage) => new()
    {
        ["input_tokens"] = usage.InputTokens,
        ["output_tokens"] = usage.OutputTokens,
        ["model_calls"] = usage.ModelCalls,
        ["tool_calls"] = usage.ToolCalls,
        ["cost_usd"] = usage.CostUsd.Length > 0 ? usage.CostUsd : "0",
    };
}
