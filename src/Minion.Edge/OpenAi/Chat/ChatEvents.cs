using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Edge.OpenAi.Answers;
using Minion.Edge.OpenAi.Errors;
using Minion.Edge.OpenAi.Events;

namespace Minion.Edge.OpenAi.Chat;

/// <summary>A completion as chunks (https://platform.openai.com/docs/api-reference/chat-streaming).</summary>
internal sealed class ChatEvents(ChatHead head, int choices, bool withUsage) : IEventForm
{
    private readonly UsageDetails _usage = new() { InputTokenCount = 0, OutputTokenCount = 0, TotalTokenCount = 0 };
    private readonly Notes _notes = new();
    private readonly int[] _calls = new int[choices];
    private readonly string?[] _finish = new string?[choices];
    private string? _model;

    public void Begin(EventWriter events)
    {
        for (var choice = 0; choice < choices; choice++)
        {
            var writer = BeginChunk(events, choice);
            writer.WriteString("role"u8, "assistant"u8);
            writer.WriteString("content"u8, ""u8);
            writer.WriteNull("refusal"u8);
            EndChunk(events, finish: null, logprobs: null);
        }
    }

    public void Part(EventWriter events, int choice, ChatResponseUpdate update)
    {
        _model ??= update.ModelId;
        _notes.Add(update.AdditionalProperties);
        var logprobs = update.AdditionalProperties?.GetValueOrDefault(OptionNames.Logprobs) as JsonElement?;
        foreach (var content in update.Contents)
        {
            Write(events, choice, content, ref logprobs);
        }

        if (logprobs is not null)
        {
            BeginChunk(events, choice);
            EndChunk(events, finish: null, logprobs);
        }

        if (update.FinishReason is { } reason)
        {
            _finish[choice] = FinishReason.From(reason).Text;
        }
    }

    public void End(EventWriter events)
    {
        for (var choice = 0; choice < choices; choice++)
        {
            BeginChunk(events, choice);
            EndChunk(events, _finish[choice] ?? "stop", logprobs: null, _notes.Any && !withUsage && choice == choices - 1 ? _notes : null);
        }

        if (withUsage)
        {
            var writer = events.Begin();
            writer.WriteStartObject();
            head.Write(writer, "chat.completion.chunk"u8, _model);
            writer.WriteStartArray("choices"u8);
            writer.WriteEndArray();
            UsageWriter.Write(writer, _usage);
            _notes.Write(writer);
            writer.WriteEndObject();
            events.End();
        }

        events.Done();
    }

    public void Fail(EventWriter events, ApiError error)
    {
        ErrorWriter.WriteBody(events.Begin(), error);
        events.End();
    }

    private void Write(EventWriter events, int choice, AIContent content, ref JsonElement? logprobs)
    {
        switch (content)
        {
            case TextContent { Text.Length: > 0 } text:
                BeginChunk(events, choice).WriteString("content"u8, text.Text);
                EndChunk(events, finish: null, logprobs);
                logprobs = null;
                break;
            case TextReasoningContent { Text.Length: > 0 } reasoning:
                BeginChunk(events, choice).WriteString("reasoning_content"u8, reasoning.Text);
                EndChunk(events, finish: null, logprobs: null);
                break;
            case FunctionCallContent call:
                var writer = BeginChunk(events, choice);
                writer.WriteStartArray("tool_calls"u8);
                writer.WriteStartObject();
                writer.WriteNumber("index"u8, _calls[choice]++);
                ChatAnswerWriter.WriteCall(writer, call);
                writer.WriteEndObject();
                writer.WriteEndArray();
                EndChunk(events, finish: null, logprobs: null);
                break;
            case UsageContent usage:
                _notes.Add(usage.AdditionalProperties);
                _usage.Add(usage.Details);
                break;
        }
    }

    private Utf8JsonWriter BeginChunk(EventWriter events, int choice)
    {
        var writer = events.Begin();
        writer.WriteStartObject();
        head.Write(writer, "chat.completion.chunk"u8, _model);
        writer.WriteStartArray("choices"u8);
        writer.WriteStartObject();
        writer.WriteNumber("index"u8, choice);
        writer.WriteStartObject("delta"u8);
        _chunk = writer;
        return writer;
    }

    private Utf8JsonWriter? _chunk;

    private void EndChunk(EventWriter events, string? finish, JsonElement? logprobs, Notes? notes = null)
    {
        var writer = _chunk!;
        writer.WriteEndObject();
        writer.WritePropertyName("logprobs"u8);
        ChatAnswerWriter.WriteLogprobs(writer, logprobs);
        writer.WriteString("finish_reason"u8, finish);
        writer.WriteEndObject();
        writer.WriteEndArray();
        if (withUsage)
        {
            writer.WriteNull("usage"u8);
        }

        notes?.Write(writer);
        writer.WriteEndObject();
        events.End();
    }
}
