using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Minion.Models.Providers.OpenAiCompatible;

/// <summary>Members of a request that have no place in <see cref="ChatOptions"/> are sent on from its additional properties, under their own names.</summary>
internal static class ExtraOptions
{
    /// <summary>The property that says whether an answer must keep to its schema to the letter.</summary>
    public const string Strict = "strict";

    private const string EffortName = "reasoning_effort";

    /// <summary>All members that can be sent on.</summary>
    public static IReadOnlyList<string> All { get; } =
        [EffortName, "logprobs", "top_logprobs", "logit_bias", "user", "service_tier", "verbosity", "prompt_cache_key", "safety_identifier"];

    public static void Write(Utf8JsonWriter writer, ChatOptions options, IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            if (Value(options, name) is { } value)
            {
                writer.WritePropertyName(name);
                JsonSerializer.Serialize(writer, value, value.GetType());
            }
        }
    }

    private static object? Value(ChatOptions options, string name) =>
        options.AdditionalProperties?.GetValueOrDefault(name) ?? (name == EffortName ? Effort(options.Reasoning?.Effort) : null);

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
