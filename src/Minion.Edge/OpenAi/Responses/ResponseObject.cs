using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Minion.Edge.OpenAi.Answers;
using Minion.Edge.OpenAi.Errors;
using Minion.Edge.OpenAi.Json;
using Minion.Models;

namespace Minion.Edge.OpenAi.Responses;

/// <summary>A response, as far as it has come.</summary>
internal sealed class ResponseObject(ResponseCall call, TimeProvider time)
{
    private readonly string _id = $"resp_{Guid.CreateVersion7(time.GetUtcNow()):N}";
    private readonly long _created = time.GetUtcNow().ToUnixTimeSeconds();
    private readonly List<OutputItem> _output = [];
    private string? _model;
    private string _finish = "stop";

    public IReadOnlyList<OutputItem> Output => _output;

    public UsageDetails Usage { get; } = new() { InputTokenCount = 0, OutputTokenCount = 0, TotalTokenCount = 0 };

    public Notes Notes { get; } = new();

    /// <summary>How it ended, in the words of the API.</summary>
    public string Ended => _finish is "length" or "content_filter" ? "incomplete" : "completed";

    public OutputItem Begin(OutputKind kind, string callId = "", string name = "")
    {
        var prefix = kind switch { OutputKind.Message => "msg", OutputKind.Reasoning => "rs", _ => "fc" };
        var item = new OutputItem(kind, $"{prefix}_{Guid.CreateVersion7(time.GetUtcNow()):N}") { CallId = callId, Name = name };
        _output.Add(item);
        return item;
    }

    /// <summary>Takes in what a part says about the response as a whole.</summary>
    public void Note(ChatResponseUpdate update)
    {
        _model ??= update.ModelId;
        _finish = update.FinishReason is { } reason ? FinishReason.From(reason).Text : _finish;
        Notes.Add(update.AdditionalProperties);
        foreach (var usage in update.Contents.OfType<UsageContent>())
        {
            Notes.Add(usage.AdditionalProperties);
            Usage.Add(usage.Details);
        }
    }

    /// <summary>Takes in a whole answer.</summary>
    public void Take(Answer answer)
    {
        (_model, _finish) = (answer.Model, answer.Finish.Text);
        Usage.Add(answer.Usage);
        Notes.Add(answer.Notes);
        if (answer.Reasoning.Length > 0)
        {
            Begin(OutputKind.Reasoning).Text.Append(answer.Reasoning);
        }

        if (answer.Text.Length > 0 || answer.Calls.Count == 0)
        {
            Begin(OutputKind.Message).Text.Append(answer.Text);
        }

        foreach (var made in answer.Calls)
        {
            Begin(OutputKind.Call, made.CallId, made.Name).Text.Append(ToolCallArguments.RawOf(made));
        }
    }

    public async Task WriteAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        using (var writer = new Utf8JsonWriter(context.Response.BodyWriter, JsonForm.Writer))
        {
            Write(writer, Ended);
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    public void Write(Utf8JsonWriter writer, string status, ApiError? error = null)
    {
        var isOver = status != "in_progress";
        writer.WriteStartObject();
        writer.WriteString("id"u8, _id);
        writer.WriteString("object"u8, "response"u8);
        writer.WriteNumber("created_at"u8, _created);
        writer.WriteString("status"u8, status);
        if (status == "completed")
        {
            writer.WriteNumber("completed_at"u8, time.GetUtcNow().ToUnixTimeSeconds());
        }

        WriteError(writer, error);
        WriteIncomplete(writer, status);
        writer.WriteString("model"u8, _model ?? call.Model);
        writer.WriteStartArray("output"u8);
        foreach (var item in isOver ? _output : [])
        {
            item.Write(writer);
        }

        writer.WriteEndArray();
        Repetition.Write(writer, call);
        if (isOver)
        {
            WriteUsage(writer);
            Notes.Write(writer);
        }

        writer.WriteEndObject();
    }

    private static void WriteError(Utf8JsonWriter writer, ApiError? error)
    {
        if (error is null)
        {
            writer.WriteNull("error"u8);
            return;
        }

        writer.WriteStartObject("error"u8);
        writer.WriteString("code"u8, error.Status == 429 ? "rate_limit_exceeded" : error.Status < 500 ? "invalid_prompt" : "server_error");
        writer.WriteString("message"u8, error.Message);
        writer.WriteEndObject();
    }

    private void WriteIncomplete(Utf8JsonWriter writer, string status)
    {
        if (status != "incomplete")
        {
            writer.WriteNull("incomplete_details"u8);
            return;
        }

        writer.WriteStartObject("incomplete_details"u8);
        writer.WriteString("reason"u8, _finish == "length" ? "max_output_tokens" : "content_filter");
        writer.WriteEndObject();
    }

    private void WriteUsage(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("usage"u8);
        writer.WriteNumber("input_tokens"u8, Usage.InputTokenCount ?? 0);
        writer.WriteStartObject("input_tokens_details"u8);
        writer.WriteNumber("cached_tokens"u8, Usage.CachedInputTokenCount ?? 0);
        writer.WriteNumber("cache_write_tokens"u8, 0);
        writer.WriteEndObject();
        writer.WriteNumber("output_tokens"u8, Usage.OutputTokenCount ?? 0);
        writer.WriteStartObject("output_tokens_details"u8);
        writer.WriteNumber("reasoning_tokens"u8, Usage.ReasoningTokenCount ?? 0);
        writer.WriteEndObject();
        writer.WriteNumber("total_tokens"u8, Usage.TotalTokenCount ?? 0);
        writer.WriteEndObject();
    }
}
