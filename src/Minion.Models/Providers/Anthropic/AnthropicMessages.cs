using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace Minion.Models.Providers.Anthropic;

/// <summary>
/// A conversation in the form in which Anthropic takes it: other providers' ids of calls made fit, broken arguments wrapped, thoughts that
/// Anthropic did not sign left out.
/// </summary>
internal static partial class AnthropicMessages
{
    public static List<ChatMessage> Prepare(IEnumerable<ChatMessage> messages) =>
        [.. messages.Select(m => m.Contents.Any(c => c is not TextContent)
            ? new ChatMessage(m.Role, [.. m.Contents.Where(c => c is not (UsageContent or ErrorContent or TextReasoningContent { ProtectedData: null or "" })).Select(Prepare)])
            : m)];

    private static AIContent Prepare(AIContent content) => content switch
    {
        FunctionCallContent call => new FunctionCallContent(Id(call.CallId), call.Name, Arguments(call)),
        FunctionResultContent result => new FunctionResultContent(Id(result.CallId), ToolResultText.Of(result)) { Exception = result.Exception },
        _ => content,
    };

    private static IDictionary<string, object?>? Arguments(FunctionCallContent call) =>
        call.Exception is null ? call.Arguments : new Dictionary<string, object?> { ["invalid_arguments"] = ToolCallArguments.RawOf(call) };

    private static string Id(string id) => Unfit.IsMatch(id) ? Unfit.Replace(id, "_") : id;

    [GeneratedRegex("[^a-zA-Z0-9_-]", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Unfit { get; }
}
