using System.Text;
using Microsoft.Extensions.AI;

namespace Minion.Models.Cache;

/// <summary>Puts the parts of an answer together while they pass, and says in the end whether it is fit to be kept.</summary>
internal sealed class AnswerCollector(int maxBytes)
{
    private readonly List<CachedPart> _parts = [];
    private readonly StringBuilder _run = new();
    private bool _runIsText;
    private string? _protected;
    private ChatFinishReason? _finish;
    private string? _model;
    private UsageDetails? _usage;
    private long _bytes;
    private bool _unfit;

    public void Add(ChatResponseUpdate update)
    {
        _finish = update.FinishReason ?? _finish;
        _model = update.ModelId ?? _model;
        foreach (var content in update.Contents)
        {
            Add(content);
        }
    }

    /// <summary>Null when it broke off, was refused, is empty, too large, or made of what cannot be kept.</summary>
    public CachedAnswer? ToAnswer(CachePolicy policy)
    {
        EndRun();
        var fits = !_unfit && _bytes <= maxBytes && _parts.Any(p => p.Text is not null || p.Tool is not null)
            && (_finish == ChatFinishReason.Stop || _finish == ChatFinishReason.ToolCalls);
        var answer = new CachedAnswer(_parts, _finish?.Value, _model, _usage?.InputTokenCount ?? 0, _usage?.OutputTokenCount ?? 0, Usd: null);
        return fits && (policy.ToolCalls || !answer.CallsTools) ? answer : null;
    }

    private void Add(AIContent content)
    {
        switch (content)
        {
            case TextContent text:
                Continue(text.Text, isText: true);
                break;
            case TextReasoningContent reasoning:
                Continue(reasoning.Text, isText: false);
                _protected = reasoning.ProtectedData ?? _protected;
                break;
            case FunctionCallContent call when call.Exception is null:
                EndRun();
                var arguments = ToolCallArguments.RawOf(call);
                _bytes += arguments.Length;
                _parts.Add(new CachedPart(Call: call.CallId, Tool: call.Name, Arguments: arguments));
                break;
            case UsageContent usage:
                _usage = usage.Details;
                break;
            default:
                _unfit = true;
                break;
        }
    }

    private void Continue(string text, bool isText)
    {
        if (_runIsText != isText)
        {
            EndRun();
            _runIsText = isText;
        }

        // Beyond the bound nothing is kept, so nothing needs to be remembered either.
        _bytes += text.Length;
        if (_bytes <= maxBytes)
        {
            _run.Append(text);
        }
    }

    private void EndRun()
    {
        if (_run.Length > 0 || (!_runIsText && _protected is not null))
        {
            _parts.Add(_runIsText ? new CachedPart(Text: _run.ToString()) : new CachedPart(Reasoning: _run.ToString(), Protected: _protected));
            _run.Clear();
            _protected = null;
        }
    }
}
