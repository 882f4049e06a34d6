using System.Globalization;
using System.Text.Json.Nodes;
using Minion.Contracts.Orchestration.V1;
using ModelContextProtocol.Protocol;

namespace Minion.Edge.Mcp.Agents;

/// <summary>What a run's entries come to for a client: its answer, why there is none, or whom it waits for.</summary>
internal sealed class RunTold(string run)
{
    private readonly Dictionary<string, Question> _asked = new(StringComparer.Ordinal);
    private string? _output;
    private string? _failure;
    private long _inputTokens;
    private long _outputTokens;
    private decimal _cost;

    /// <summary>Whether it has ended, or waits for a person: the client's giving up cancels nothing then.</summary>
    public bool IsOver => _output is not null || Stands;

    /// <summary>Whether it may have come to a stand: whether it has is seen from the run itself, because a failed one can have been retried, and a question answered.</summary>
    public bool MayStand => _failure is not null || _asked.Count > 0;

    public bool Stands { get; set; }

    public void Take(WatchRunResponse part)
    {
        if (part.PartCase != WatchRunResponse.PartOneofCase.Entry)
        {
            return;
        }

        var entry = part.Entry;
        _inputTokens += entry.Usage?.InputTokens ?? 0;
        _outputTokens += entry.Usage?.OutputTokens ?? 0;
        _cost += decimal.TryParse(entry.Usage?.CostUsd, NumberStyles.Float, CultureInfo.InvariantCulture, out var usd) ? usd : 0;
        _failure = null;
        switch (entry.KindCase)
        {
            case Entry.KindOneofCase.Completed:
                _output = entry.Completed.Output;
                break;
            case Entry.KindOneofCase.Failed:
                _failure = $"The run {run} failed: {entry.Failed.Error.Message} {entry.Failed.Error.Hint}".TrimEnd();
                break;
            case Entry.KindOneofCase.Cancelled:
                _failure = $"The run {run} was cancelled. {entry.Cancelled.Reason}".TrimEnd();
                break;
            case Entry.KindOneofCase.Question:
                _asked[entry.Question.Question.Id] = entry.Question.Question;
                break;
            case Entry.KindOneofCase.Signal when entry.Signal.QuestionId.Length > 0:
                _asked.Remove(entry.Signal.QuestionId);
                break;
            case Entry.KindOneofCase.Expired:
                _asked.Remove(entry.Expired.QuestionId);
                break;
        }
    }

    /// <summary>The call's result; null while the run goes on.</summary>
    public CallToolResult? Result() =>
        _output is not null ? Answer("completed", _output, _output)
        : !Stands ? null
        : _failure is not null ? McpFailures.Result(_failure)
        : Answer("waiting", "", Waits());

    private string Waits() =>
        $"The run {run} waits for a person: {string.Join(" ", _asked.Values.Select(q => q.Text + (q.Choices.Count > 0 ? $" (one of {string.Join(", ", q.Choices)})" : "")))} "
        + $"It is answered in the inbox ('minion inbox'), and goes on then; read minion://runs/{run} for its answer.";

    private CallToolResult Answer(string status, string output, string text) => new()
    {
        Content =
        [
            new TextContentBlock { Text = text },
            new ResourceLinkBlock { Uri = $"minion://runs/{run}", Name = $"run {run}", MimeType = "application/json" },
        ],
        StructuredContent = System.Text.Json.JsonSerializer.SerializeToElement(new JsonObject
        {
            ["run_id"] = run,
            ["status"] = status,
            ["output"] = output,
            ["input_tokens"] = _inputTokens,
            ["output_tokens"] = _outputTokens,
            ["cost_usd"] = _cost,
        }),
    };
}
