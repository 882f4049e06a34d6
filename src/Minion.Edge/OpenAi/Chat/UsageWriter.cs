using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Minion.Edge.OpenAi.Chat;

/// <summary>Token counts as chat completions have them.</summary>
internal static class UsageWriter
{
    public static void Write(Utf8JsonWriter writer, UsageDetails usage)
    {
        writer.WriteStartObject("usage"u8);
        writer.WriteNumber("prompt_tokens"u8, usage.InputTokenCount ?? 0);
        writer.WriteNumber("completion_tokens"u8, usage.OutputTokenCount ?? 0);
        writer.WriteNumber("total_tokens"u8, usage.TotalTokenCount ?? 0);
        writer.WriteStartObject("prompt_tokens_details"u8);
        writer.WriteNumber("cached_tokens"u8, usage.CachedInputTokenCount ?? 0);
        writer.WriteEndObject();
        writer.WriteStartObject("completion_tokens_details"u8);
        writer.WriteNumber("reasoning_tokens"u8, usage.ReasoningTokenCount ?? 0);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
