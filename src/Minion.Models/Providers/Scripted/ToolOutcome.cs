using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Minion.Models.Providers.Scripted;

/// <summary>What became of a tool call, read from the conversation.</summary>
/// <param name="Result">The result; null when it failed.</param>
/// <param name="Error">Why it failed; null when it did not.</param>
internal sealed record ToolOutcome(JsonNode? Result, string? Error)
{
    /// <summary>
    /// A failure is a result with an exception, or one whose JSON object has a member <c>error</c> that says something (a text, or an
    /// object with <c>message</c>).
    /// </summary>
    public static ToolOutcome From(FunctionResultContent content)
    {
        if (content.Exception is { } exception)
        {
            return new ToolOutcome(null, exception.Message);
        }

        var result = Json.FromResult(content.Result);
        return result is JsonObject members && members.TryGetPropertyValue("error", out var error) && Describe(error) is { Length: > 0 } message
            ? new ToolOutcome(null, message)
            : new ToolOutcome(result, null);
    }

    private static string Describe(JsonNode? error) =>
        error is JsonObject members && members.TryGetPropertyValue("message", out var message) ? Json.ToText(message) : Json.ToText(error);
}
