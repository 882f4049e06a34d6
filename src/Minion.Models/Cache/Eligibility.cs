using Microsoft.Extensions.AI;
using Minion.Models.Pipeline;

namespace Minion.Models.Cache;

/// <summary>Decides whether a request may use the cache at all.</summary>
internal static class Eligibility
{
    /// <summary>Why not; null when it may.</summary>
    public static string? Bypass(ChatRequest request, CachePolicy policy)
    {
        if (!policy.SideEffects && (request.Options?.Tools ?? []).Any(t => !ToolEffects.IsHarmless(t)))
        {
            return BypassReason.SideEffects;
        }

        if (!policy.ToolCalls && request.Messages.Any(m => m.Contents.Any(c => c is FunctionCallContent or FunctionResultContent)))
        {
            return BypassReason.ToolResults;
        }

        return !policy.Personal && (request.Call.Personal || request.Messages.Any(m => m.Role == ChatRole.User && PersonalText.IsIn(m.Text)))
            ? BypassReason.Personal
            : null;
    }
}
