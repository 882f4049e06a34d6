using Microsoft.Extensions.AI;

namespace Minion.Models.Routing;

/// <summary>What a request looks like beyond the words of its question.</summary>
/// <param name="Tokens">About how many tokens go in, of the whole conversation.</param>
/// <param name="Messages">How many messages the conversation has.</param>
/// <param name="Tools">How many tools may be called.</param>
/// <param name="WantsJson">Whether the answer must be JSON.</param>
/// <param name="HasImages">Whether there are images, or other files.</param>
internal readonly record struct RequestShape(long Tokens, int Messages, int Tools, bool WantsJson, bool HasImages)
{
    public static RequestShape Of(IReadOnlyList<ChatMessage> messages, ChatOptions? options) => new(
        TokenEstimate.Usage(messages, options, answer: 0).InputTokenCount ?? 0,
        messages.Count,
        options?.Tools?.Count ?? 0,
        options?.ResponseFormat is ChatResponseFormatJson,
        messages.Any(m => m.Contents.Any(c => c is DataContent or UriContent)));

    /// <summary>The question: the text of the last message of a person.</summary>
    public static string Question(IReadOnlyList<ChatMessage> messages) => messages.LastOrDefault(m => m.Role == ChatRole.User)?.Text ?? "";
}
