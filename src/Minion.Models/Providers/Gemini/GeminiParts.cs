using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.Gemini;

/// <summary>Collects the parts of one answer.</summary>
internal sealed class GeminiParts(Endpoint endpoint, JsonElement first)
{
    /// <summary>Where a call keeps what the model signed its thoughts with; newer models want it back.</summary>
    public const string SignatureKey = "gemini.thought_signature";

    private readonly string _id = first.Text("responseId") ?? $"gemini-{Guid.CreateVersion7():N}";
    private readonly string? _model = first.Text("modelVersion");
    private readonly AnswerLength _length = new(endpoint);
    private UsageContent? _usage;
    private int _calls;

    /// <summary>Why the answer ended, in Gemini's word; null while it has not.</summary>
    public string? Finished { get; private set; }

    public bool HasCandidates { get; private set; }

    /// <summary>The characters that came so far.</summary>
    public long Characters => _length.Characters;

    /// <summary>The contents of a chunk.</summary>
    /// <exception cref="ModelException">Gemini refuses the prompt.</exception>
    public List<AIContent> Read(JsonElement chunk)
    {
        _usage = GeminiUsage.Read(chunk) ?? _usage;
        var contents = new List<AIContent>();
        if (chunk.Items("candidates").FirstOrDefault() is not { ValueKind: JsonValueKind.Object } candidate)
        {
            return chunk.Member("promptFeedback")?.Text("blockReason") is { } blocked
                ? throw endpoint.RefusedByPolicy($"the prompt is blocked ({blocked})")
                : contents;
        }

        HasCandidates = true;
        foreach (var part in candidate.Member("content")?.Items("parts") ?? [])
        {
            if (Content(part) is { } content)
            {
                contents.Add(_length.Add(content));
            }
        }

        Finished = candidate.Text("finishReason") is { Length: > 0 } reason and not "FINISH_REASON_UNSPECIFIED" ? reason : Finished;
        return contents;
    }

    public ChatResponseUpdate Update(IList<AIContent> contents) =>
        new(ChatRole.Assistant, contents) { ResponseId = _id, MessageId = _id, ModelId = _model };

    /// <summary>The last part: why it ended, and the tokens.</summary>
    /// <exception cref="ModelException">It ended in a way that is no answer.</exception>
    public ChatResponseUpdate End()
    {
        var update = Update(_usage is null ? [] : [_usage]);
        update.FinishReason = Finished switch
        {
            "STOP" => _calls > 0 ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop,
            "MAX_TOKENS" => ChatFinishReason.Length,
            "SAFETY" or "RECITATION" or "BLOCKLIST" or "PROHIBITED_CONTENT" or "SPII" or "LANGUAGE" or "IMAGE_SAFETY" or "IMAGE_PROHIBITED_CONTENT" or "IMAGE_RECITATION" =>
                Characters == 0 ? throw endpoint.RefusedByPolicy($"the answer is blocked ({Finished})") : ChatFinishReason.ContentFilter,
            _ => throw endpoint.Invalid($"ended with {Texts.Shorten(Finished!)}"),
        };
        return update;
    }

    private AIContent? Content(JsonElement part)
    {
        if (part.Member("functionCall") is { } call)
        {
            return Call(call, part.Text("thoughtSignature"));
        }

        if (part.Member("inlineData") is { } data && data.Member("data") is { } bytes && bytes.TryGetBytesFromBase64(out var decoded))
        {
            return new DataContent(decoded, data.Text("mimeType") ?? "application/octet-stream");
        }

        return part.Text("text") is { Length: > 0 } text
            ? part.Member("thought") is { ValueKind: JsonValueKind.True } ? new TextReasoningContent(text) : new TextContent(text)
            : null;
    }

    private FunctionCallContent Call(JsonElement call, string? signature)
    {
        var name = call.Text("name") is { Length: > 0 } given ? given : throw endpoint.Invalid("has a tool call without a name");
        var content = ToolCallArguments.ToCall(call.Text("id") ?? $"{_id}-{_calls}", name, call.Member("args")?.GetRawText() ?? "");
        _calls++;
        if (signature is not null)
        {
            content.AdditionalProperties![SignatureKey] = signature;
        }

        return content;
    }
}
