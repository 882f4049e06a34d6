using System.Text;
using global::Anthropic.Models.Messages;
using Microsoft.Extensions.AI;
using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.Anthropic;

/// <summary>
/// Turns the package's updates into the gateway's: tool calls keep the text of their arguments, which the package drops, contents that
/// nobody here knows are left out, and the answer's end is said once.
/// </summary>
internal sealed class AnthropicParts(Endpoint endpoint)
{
    private readonly AnswerLength _length = new(endpoint);
    private readonly StringBuilder _arguments = new();

    /// <summary>Why the answer ended; null while it has not.</summary>
    public ChatFinishReason? Finished { get; private set; }

    /// <summary>The characters that came so far.</summary>
    public long Characters => _length.Characters;

    public ChatResponseUpdate Read(ChatResponseUpdate update)
    {
        Collect(update.RawRepresentation as RawMessageStreamEvent);
        var read = new ChatResponseUpdate(ChatRole.Assistant, [.. update.Contents.Select(Known).OfType<AIContent>()])
        {
            ResponseId = update.ResponseId,
            MessageId = update.MessageId ?? update.ResponseId,
            ModelId = update.ModelId,
        };
        if (Finished is null && update.FinishReason is { } finish)
        {
            read.FinishReason = Finished = finish == ChatFinishReason.ContentFilter && _length.Characters == 0
                ? throw endpoint.RefusedByPolicy("it declined the request")
                : finish;
        }

        return read;
    }

    /// <summary>Blocks come one after the other, so the text that was collected since a block began is that block's.</summary>
    private void Collect(RawMessageStreamEvent? raw)
    {
        if (raw is null)
        {
            return;
        }

        if (raw.TryPickContentBlockStart(out _))
        {
            _arguments.Clear();
        }
        else if (raw.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickInputJson(out var input))
        {
            _arguments.Append(input.PartialJson);
            _length.Add(input.PartialJson.Length);
        }
    }

    private AIContent? Known(AIContent content) => content switch
    {
        TextContent { Text.Length: > 0 } text => _length.Add(new TextContent(text.Text)),
        TextReasoningContent { Text.Length: > 0 } or TextReasoningContent { ProtectedData: not null } => _length.Add((TextReasoningContent)content),
        FunctionCallContent call => Call(call),
        UsageContent usage when Finished is not null => usage,
        _ => null,
    };

    private FunctionCallContent Call(FunctionCallContent call) => ToolCallArguments.ToCall(
        call.CallId, call.Name, _arguments.Length > 0 ? _arguments.ToString() : ToolCallArguments.RawOf(call));
}
