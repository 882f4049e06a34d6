using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Minion.Models.Providers.OpenAiCompatible;

/// <summary>Members of a request that have no place in <see cref="ChatOptions"/> are sent on from its additional properties, under their own names.</summary>
internal static class ExtraOptions
{
    private static readonly string[] Names =
        ["logprobs", "top_logprobs", "logit_bias", "user", "service_tier", "verbosity", "prompt_cache_key", "safety_identifier"];

    public static void Write(Utf8JsonWriter writer, ChatOptions options)
    {
        if (Effort(options.Reasoning?.Effort) is { } effort)
        {
            writer.WriteString("reasoning_effort", effort);
        }

        if (options.AdditionalProperties is not { } extras)
        {
            return;
        }

        foreach (var name in Names)
        {
            if (extras.TryGetValue(name, out var value) && value is not null)
            {
                writer.WritePropertyName(name);
                JsonSerializer.Serialize(writer, value, value.GetType());
            }
        }
    }

    private static string? Effort(ReasoningEffort? effort) => effort switch
    {
        ReasoningEffort.None => "none",
        ReasoningEffort.Low => "low",
        ReasoningEffort.Medium => "medium",
        ReasoningEffort.High => "high",
        ReasoningEffort.ExtraHigh => "xhigh",
        _ => null,
    };
}
