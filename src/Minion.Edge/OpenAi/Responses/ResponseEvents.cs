using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Edge.OpenAi.Errors;
using Minion.Edge.OpenAi.Events;
using Minion.Models;

namespace Minion.Edge.OpenAi.Responses;

/// <summary>A response as events (https://platform.openai.com/docs/api-reference/responses-streaming).</summary>
internal sealed class ResponseEvents(ResponseObject response) : IEventForm
{
    private OutputItem? _open;
    private int _sequence;

    public void Begin(EventWriter events)
    {
        WriteResponse(events, "response.created"u8, "in_progress");
        WriteResponse(events, "response.in_progress"u8, "in_progress");
    }

    public void Part(EventWriter events, int choice, ChatResponseUpdate update)
    {
        response.Note(update);
        foreach (var content in update.Contents)
        {
            switch (content)
            {
                case TextContent { Text.Length: > 0 } text:
                    Say(events, OutputKind.Message, text.Text);
                    break;
                case TextReasoningContent { Text.Length: > 0 } reasoning:
                    Say(events, OutputKind.Reasoning, reasoning.Text);
                    break;
                case FunctionCallContent call:
                    Call(events, call);
                    break;
            }
        }
    }

    public void End(EventWriter events)
    {
        if (response.Output.Count == 0)
        {
            Open(events, OutputKind.Message);
        }

        Close(events);
        WriteResponse(events, response.Ended == "completed" ? "response.completed"u8 : "response.incomplete"u8, response.Ended);
    }

    public void Fail(EventWriter events, ApiError error)
    {
        Close(events);
        var writer = BeginEvent(events, "error"u8);
        ErrorWriter.WriteFields(writer, error);
        EndEvent(events, writer);
        WriteResponse(events, "response.failed"u8, "failed", error);
    }

    private void Say(EventWriter events, OutputKind kind, string text)
    {
        if (_open?.Kind != kind)
        {
            Close(events);
            Open(events, kind);
        }

        _open!.Text.Append(text);
        var writer = BeginPartEvent(events, kind == OutputKind.Message ? "response.output_text.delta"u8 : "response.reasoning_text.delta"u8);
        writer.WriteString("delta"u8, text);
        EndTextEvent(events, writer);
    }

    private void Open(EventWriter events, OutputKind kind)
    {
        _open = response.Begin(kind);
        WriteItem(events, "response.output_item.added"u8, begun: true);
        var writer = BeginPartEvent(events, "response.content_part.added"u8);
        writer.WritePropertyName("part"u8);
        _open.WritePart(writer, begun: true);
        EndEvent(events, writer);
    }

    private void Close(EventWriter events)
    {
        if (_open is null)
        {
            return;
        }

        var writer = BeginPartEvent(events, _open.Kind == OutputKind.Message ? "response.output_text.done"u8 : "response.reasoning_text.done"u8);
        writer.WriteString("text"u8, _open.Text.ToString());
        EndTextEvent(events, writer);
        writer = BeginPartEvent(events, "response.content_part.done"u8);
        writer.WritePropertyName("part"u8);
        _open.WritePart(writer);
        EndEvent(events, writer);
        WriteItem(events, "response.output_item.done"u8);
        _open = null;
    }

    private void Call(EventWriter events, FunctionCallContent call)
    {
        Close(events);
        var arguments = ToolCallArguments.RawOf(call);
        _open = response.Begin(OutputKind.Call, call.CallId, call.Name);
        WriteItem(events, "response.output_item.added"u8, begun: true);
        _open.Text.Append(arguments);
        var writer = BeginItemEvent(events, "response.function_call_arguments.delta"u8);
        writer.WriteString("delta"u8, arguments);
        EndEvent(events, writer);
        writer = BeginItemEvent(events, "response.function_call_arguments.done"u8);
        writer.WriteString("name"u8, call.Name);
        writer.WriteString("arguments"u8, arguments);
        EndEvent(events, writer);
        WriteItem(events, "response.output_item.done"u8);
        _open = null;
    }

    private void WriteItem(EventWriter events, ReadOnlySpan<byte> name, bool begun = false)
    {
        var writer = BeginEvent(events, name);
        writer.WriteNumber("output_index"u8, response.Output.Count - 1);
        writer.WritePropertyName("item"u8);
        _open!.Write(writer, begun);
        EndEvent(events, writer);
    }

    private void WriteResponse(EventWriter events, ReadOnlySpan<byte> name, string status, ApiError? error = null)
    {
        var writer = BeginEvent(events, name);
        writer.WritePropertyName("response"u8);
        response.Write(writer, status, error);
        EndEvent(events, writer);
    }

    private Utf8JsonWriter BeginPartEvent(EventWriter events, ReadOnlySpan<byte> name)
    {
        var writer = BeginItemEvent(events, name);
        writer.WriteNumber("content_index"u8, 0);
        return writer;
    }

    private Utf8JsonWriter BeginItemEvent(EventWriter events, ReadOnlySpan<byte> name)
    {
        var writer = BeginEvent(events, name);
        writer.WriteString("item_id"u8, _open!.Id);
        writer.WriteNumber("output_index"u8, response.Output.Count - 1);
        return writer;
    }

    private Utf8JsonWriter BeginEvent(EventWriter events, ReadOnlySpan<byte> name)
    {
        var writer = events.Begin(name);
        writer.WriteStartObject();
        writer.WriteString("type"u8, name);
        writer.WriteNumber("sequence_number"u8, _sequence++);
        return writer;
    }

    private void EndTextEvent(EventWriter events, Utf8JsonWriter writer)
    {
        if (_open!.Kind == OutputKind.Message)
        {
            writer.WriteStartArray("logprobs"u8);
            writer.WriteEndArray();
        }

        EndEvent(events, writer);
    }

    private static void EndEvent(EventWriter events, Utf8JsonWriter writer)
    {
        writer.WriteEndObject();
        events.End();
    }
}
