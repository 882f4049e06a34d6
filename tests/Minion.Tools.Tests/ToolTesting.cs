using System.Text.Json;
using Minion.Contracts.Callers;
using Minion.Tools.Schemas;

namespace Minion.Tools.Tests;

/// <summary>Invokes a tool as the pipeline would, without the pipeline.</summary>
internal static class ToolTesting
{
    public static async Task<ToolOutcome> InvokeAsync(this ITool tool, string arguments, Caller? caller = null, string key = "")
    {
        var element = JsonElement.Parse(arguments);
        JsonSchema.Parse(tool.Description.InputSchema).Validate(element).ShouldBeEmpty();
        var outcome = await tool.InvokeAsync(
            new ToolCall(element, caller ?? Callers.Ada, key, ToolCallOrigin.Direct) { Effect = tool.Description.Policy.Effect }, TestContext.Current.CancellationToken);
        if (outcome is ToolResult result)
        {
            JsonSchema.Parse(tool.Description.OutputSchema).Validate(result.Value).ShouldBeEmpty();
        }

        return outcome;
    }

    public static JsonElement Value(this ToolOutcome outcome) => outcome.ShouldBeOfType<ToolResult>((outcome as ToolFailure)?.Message).Value;

    public static ToolFailure Failure(this ToolOutcome outcome)
    {
        var failure = outcome.ShouldBeOfType<ToolFailure>();
        failure.Message.ShouldNotBeNullOrWhiteSpace();
        failure.Hint.ShouldNotBeNullOrWhiteSpace();
        return failure;
    }
}
