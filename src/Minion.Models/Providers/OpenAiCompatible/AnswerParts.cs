using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.OpenAiCompatible;

/// <summary>Collects the parts of one answer: <c>message</c> of a whole one, <c>delta</c> after <c>delta</c> of a streamed one.</summary>
internal sealed class AnswerParts(Endpoint endpoint, JsonElement first, bool whole)
{
    // More than any model says at once, and whatever it is in UTF-8, a message of gRPC (4 MB) can carry it.
    private const long MostCharacters = 1024 * 1024;

    private readonly string? _id = first.Text("id");
    private readonly string? _model = first.Text("model");
    private readonly ToolCallFragments _calls = new(first.Text("id"), whole);
    private readonly StringBuilder _refusal = new();

    /// <summary>How much text came so far.</summary>
    public long Characters { get; private set; }

    /// <summary>Reasoning and text of a part; tool calls and refusals are kept until the end.</summary>
    public IEnumerable<AIContent> Contents(JsonElement part)
    {
        if ((part.Text("reasoning_content") ?? part.Text("reasoning")) is { Length: > 0 } reasoning)
        {
            Count(reasoning.Length);
            yield return new TextReasoningContent(reasoning);
        }

        foreach (var content in TextParts.Of(part.Member("content")))
        {
            Count(content is TextContent text ? text.Text.Length : ((TextReasoningContent)content).Text.Length);
            yield return content;
        }

        _refusal.Append(part.Text("refusal"));
        foreach (var fragment in part.Items("tool_calls"))
        {
            Count(_calls.Add(fragment));
        }
    }

    /// <summary>All tool calls, when the answer is complete.</summary>
    public IEnumerable<FunctionCallContent> Calls() => _calls.Assemble(endpoint);

    /// <exception cref="ModelException">The model's provider refused to answer.</exception>
    public void ThrowIfRefused()
    {
        if (_refusal.Length > 0)
        {
            throw endpoint.RefusedByPolicy(_refusal.ToString());
        }
    }

    /// <summary>The token counts, where the endpoint gives them.</summary>
    public IEnumerable<UsageContent> Usage(JsonElement json)
    {
        if ((json.Member("usage") ?? json.Member("x_groq")?.Member("usage")) is not { } usage || (usage.Count("prompt_tokens") is null && usage.Count("completion_tokens") is null))
        {
            yield break;
        }

        var (input, output) = (usage.Count("prompt_tokens") ?? 0, usage.Count("completion_tokens") ?? 0);
        yield return new UsageContent(new UsageDetails
        {
            InputTokenCount = input,
            OutputTokenCount = output,
            TotalTokenCount = usage.Count("total_tokens") ?? input + output,
            CachedInputTokenCount = usage.Member("prompt_tokens_details")?.Count("cached_tokens"),
            ReasoningTokenCount = usage.Member("completion_tokens_details")?.Count("reasoning_tokens"),
        });
    }

    /// <summary>Why it ended. Some endpoints say <c>stop</c> after tool calls, and Mistral has words of its own.</summary>
    /// <exception cref="ModelException">Nothing was answered because a filter held it back, or the endpoint failed.</exception>
    public ChatFinishReason Finish(string reason) => reason switch
    {
        "stop" or "function_call" when _calls.Any => ChatFinishReason.ToolCalls,
        "model_length" => ChatFinishReason.Length,
        "content_filter" when Characters == 0 => throw endpoint.RefusedByPolicy("its content filter held the answer back"),
        "error" => throw endpoint.BrokeOff("it ended the answer with an error"),
        _ => new ChatFinishReason(reason),
    };

    /// <summary>A part of the answer.</summary>
    /// <param name="contents">What it holds.</param>
    /// <param name="finish">Why the answer ended with it.</param>
    /// <param name="choice">The choice that it came in: its log probabilities go along as they are.</param>
    public ChatResponseUpdate Update(IList<AIContent> contents, ChatFinishReason? finish = null, JsonElement choice = default)
    {
        var update = new ChatResponseUpdate(ChatRole.Assistant, contents) { ResponseId = _id, MessageId = _id, ModelId = _model, FinishReason = finish };
        if (choice.Member("logprobs") is { ValueKind: JsonValueKind.Object } logprobs)
        {
            update.AdditionalProperties = new() { ["logprobs"] = logprobs.Clone() };
        }

        return update;
    }

    private void Count(int characters)
    {
        Characters += characters;
        if (Characters > MostCharacters)
        {
            throw endpoint.Invalid($"is longer than {MostCharacters:#,0} characters");
        }
    }
}
