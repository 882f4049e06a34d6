using System.Globalization;
using System.Text;
using Microsoft.Extensions.AI;
using Minion.Contracts.Orchestration.V1;
using Minion.Edge.OpenAi.Errors;
using Minion.Models;

namespace Minion.Edge.Agents;

/// <summary>
/// A run's entries and deltas as the parts of one answer. What the model says between tool calls is part of a streamed answer, each time a
/// paragraph of its own; an answer as a whole is the run's output alone. Text that was delivered is never taken back: when a step is made
/// again and says something else, the answer ends with an error.
/// </summary>
internal sealed class RunAnswer(string run, string model)
{
    private const string Paragraph = "\n\n";

    private readonly StringBuilder _attempt = new();
    private readonly UsageDetails _usage = new() { InputTokenCount = 0, OutputTokenCount = 0, TotalTokenCount = 0 };
    private readonly Dictionary<(int Step, int Call), ApiErrorException> _asked = [];
    private ApiErrorException? _end;
    private decimal _cost;
    private (int Step, int Call, long Epoch, int Attempt) _position;
    private string _delivered = "";
    private bool _spoke;
    private ChatFinishReason _finish = ChatFinishReason.Stop;

    /// <summary>Whether the run has ended, or waits for a person: there is no more to come.</summary>
    public bool HasEnded { get; set; }

    /// <summary>Why there is no answer, unless the run goes on: a failed one can be retried, a question answered, and other calls be made meanwhile.</summary>
    public ApiErrorException? Verdict => _end ?? _asked.Values.FirstOrDefault();

    /// <summary>The part of the answer that this brings; null when it brings none.</summary>
    /// <exception cref="ApiErrorException">What was delivered does not hold any more.</exception>
    public ChatResponseUpdate? Take(WatchRunResponse part, bool whole) => part.PartCase switch
    {
        WatchRunResponse.PartOneofCase.Delta => Text(Said(part.Delta)),
        WatchRunResponse.PartOneofCase.Entry => TakeEntry(part.Entry, whole),
        _ => null,
    };

    private ChatResponseUpdate? TakeEntry(Entry entry, bool whole)
    {
        _usage.InputTokenCount += entry.Usage?.InputTokens ?? 0;
        _usage.OutputTokenCount += entry.Usage?.OutputTokens ?? 0;
        _cost += decimal.TryParse(entry.Usage?.CostUsd, NumberStyles.Float, CultureInfo.InvariantCulture, out var usd) ? usd : 0;
        switch (entry.KindCase)
        {
            case Entry.KindOneofCase.Model when entry.Model.Summarised is not null:
                // What stands for older messages is no part of the answer.
                return null;
            case Entry.KindOneofCase.Model:
                _finish = entry.Model.FinishReason == "length" ? ChatFinishReason.Length : ChatFinishReason.Stop;
                return whole ? null : Text(Settled(entry.Step, entry.Model.Text));
            case Entry.KindOneofCase.Completed:
                HasEnded = true;
                return Completed(whole ? entry.Completed.Output : Rest(entry.Completed.Output));
            case Entry.KindOneofCase.Failed:
                _end = RunErrors.Failed(run, entry.Failed.Error);
                return null;
            case Entry.KindOneofCase.Cancelled:
                _end = RunErrors.Cancelled(run, entry.Cancelled.Reason);
                return null;
            case Entry.KindOneofCase.Question:
                _asked[(entry.Step, entry.Call)] = RunErrors.Waits(run, entry.Question.Question);
                return null;
            case Entry.KindOneofCase.Tool:
                _asked.Remove((entry.Step, entry.Call));
                return null;
            default:
                return null;
        }
    }

    /// <summary>The run goes on: how it had ended does not count any more.</summary>
    public void GoesOn() => _end = null;

    /// <summary>What a delta adds to what was delivered.</summary>
    private string Said(Delta delta)
    {
        var position = (delta.Step, delta.Call, delta.Epoch, delta.Attempt);
        if (position != _position)
        {
            BeginStep(delta.Step);
            _attempt.Clear();
            _position = position;
        }

        // A gap is filled by the step's entry; what overlaps is known.
        if (delta.Offset > _attempt.Length)
        {
            return "";
        }

        _attempt.Append(delta.Text.AsSpan(Math.Min(delta.Text.Length, _attempt.Length - delta.Offset)));
        return Deliver(_attempt.ToString());
    }

    /// <summary>What the finished step adds.</summary>
    private string Settled(int step, string text)
    {
        BeginStep(step);
        _position = _position with { Step = step };
        return Deliver(text, isEnd: true);
    }

    /// <summary>What the run's output adds to what its last step said.</summary>
    private string Rest(string output) =>
        output.StartsWith(_delivered, StringComparison.Ordinal) ? Deliver(output, isEnd: true)
        : output.Length == 0 || _delivered.EndsWith(output, StringComparison.Ordinal) ? ""
        : Paragraph + output;

    private void BeginStep(int step)
    {
        if (step != _position.Step)
        {
            _spoke |= _delivered.Length > 0;
            _delivered = "";
        }
    }

    private string Deliver(string text, bool isEnd = false)
    {
        if (!text.StartsWith(_delivered, StringComparison.Ordinal))
        {
            return !isEnd && _delivered.StartsWith(text, StringComparison.Ordinal) ? "" : throw RunErrors.Restarted(run, _delivered.Length);
        }

        var added = text[_delivered.Length..];
        if (added.Length > 0 && _delivered.Length == 0 && _spoke)
        {
            _delivered = text;
            return Paragraph + added;
        }

        _delivered = text;
        return added;
    }

    private ChatResponseUpdate? Text(string text) =>
        text.Length == 0 ? null : new ChatResponseUpdate(ChatRole.Assistant, text) { ModelId = model };

    private ChatResponseUpdate Completed(string rest)
    {
        _usage.TotalTokenCount = _usage.InputTokenCount + _usage.OutputTokenCount;
        return new ChatResponseUpdate(ChatRole.Assistant, [new TextContent(rest), new UsageContent(_usage)])
        {
            ModelId = model,
            FinishReason = _finish,
            AdditionalProperties = new() { ["minion.run_id"] = run, [AnswerProperties.CostUsd] = _cost.ToString(CultureInfo.InvariantCulture) },
        };
    }
}
