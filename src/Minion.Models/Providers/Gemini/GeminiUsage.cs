using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.Gemini;

/// <summary>Token counts. Gemini counts thoughts beside the answer; here, as with all providers, they are part of the output.</summary>
internal static class GeminiUsage
{
    public static UsageContent? Read(JsonElement chunk)
    {
        if (chunk.Member("usageMetadata") is not { } usage || usage.Count("promptTokenCount") is not { } prompt)
        {
            return null;
        }

        var thoughts = usage.Count("thoughtsTokenCount");
        var input = prompt + (usage.Count("toolUsePromptTokenCount") ?? 0);
        var output = (usage.Count("candidatesTokenCount") ?? 0) + (thoughts ?? 0);
        return new UsageContent(new UsageDetails
        {
            InputTokenCount = input,
            OutputTokenCount = output,
            TotalTokenCount = usage.Count("totalTokenCount") ?? input + output,
            CachedInputTokenCount = usage.Count("cachedContentTokenCount"),
            ReasoningTokenCount = thoughts,
        });
    }
}
