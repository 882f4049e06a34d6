using Microsoft.Extensions.AI;

namespace Minion.Edge.OpenAi.Answers;

/// <summary>Why an answer ended, in the only words that OpenAI's API has for it.</summary>
internal readonly record struct FinishReason(string? Given)
{
    public string Text => Given ?? "stop";

    public static FinishReason From(ChatFinishReason reason) => new(reason.Value is "length" or "tool_calls" or "content_filter" ? reason.Value : "stop");
}
