using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace Minion.Models.Routing;

/// <summary>Whether an answer is so poor that a better model should be asked. What can be seen without a model.</summary>
internal static partial class PoorAnswer
{
    // A long text that begins with an apology answers after it.
    private const int LongestRefusal = 600;

    /// <summary>Of few values: <c>invalid_json</c>, <c>refusal</c>, <c>empty</c>; null when nothing is wrong.</summary>
    public static string? Why(ChatResponse answer, bool wantsJson)
    {
        if (answer.Messages.Any(m => m.Contents.Any(c => c is FunctionCallContent)))
        {
            return answer.Messages.Any(m => m.Contents.Any(c => c is FunctionCallContent { Exception: not null })) ? "invalid_arguments" : null;
        }

        var text = answer.Text;
        return answer.FinishReason == ChatFinishReason.ContentFilter || (text.Length <= LongestRefusal && Refusal.IsMatch(text)) ? "refusal"
            : string.IsNullOrWhiteSpace(text) ? "empty"
            : wantsJson && !IsJson(text) ? "invalid_json"
            : null;
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    [GeneratedRegex(
        @"^\W*(as an ai\b|(i'?m|i am) (sorry|unable|not able)\b|sorry,? (but )?i\b|i apologi[sz]e\b|i (can'?t|cannot|can not|won'?t|will not) (help|assist|answer|provide|do|comply|fulfil|create|write|continue)\b)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Refusal { get; }
}
