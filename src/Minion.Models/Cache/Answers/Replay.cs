using Microsoft.Extensions.AI;

namespace Minion.Models.Cache;

/// <summary>A kept answer as a model would give it: in parts, with its end and its usage, which is none.</summary>
internal static class Replay
{
    private const int PartLength = 48;

    public static IEnumerable<ChatResponseUpdate> Updates(CachedAnswer answer, bool streamed)
    {
        foreach (var part in answer.Parts)
        {
            foreach (var content in streamed && part.Text is { } text ? Pieces(text).Select(AIContent (p) => new TextContent(p)) : [part.ToContent()])
            {
                yield return new ChatResponseUpdate(ChatRole.Assistant, [content]) { ModelId = answer.Model };
            }
        }

        yield return new ChatResponseUpdate(ChatRole.Assistant, [])
        {
            ModelId = answer.Model,
            FinishReason = answer.Finish is { } finish ? new ChatFinishReason(finish) : null,
        };
    }

    /// <summary>The last part of an answer that nothing was paid for.</summary>
    public static ChatResponseUpdate Unpaid(CacheHit hit) => new(
        ChatRole.Assistant,
        [new UsageContent(new UsageDetails { InputTokenCount = 0, OutputTokenCount = 0, TotalTokenCount = 0 })])
    {
        AdditionalProperties = new() { [AnswerProperties.Cache] = hit },
    };

    /// <summary>Cut after words where there are any, never within a character.</summary>
    internal static IEnumerable<string> Pieces(string text)
    {
        var start = 0;
        while (text.Length - start > PartLength)
        {
            var space = text.LastIndexOf(' ', start + PartLength - 1, PartLength);
            var end = space > start ? space + 1 : start + PartLength;
            end = char.IsLowSurrogate(text[end]) ? end + 1 : end;
            yield return text[start..end];
            start = end;
        }

        if (start < text.Length)
        {
            yield return text[start..];
        }
    }
}
