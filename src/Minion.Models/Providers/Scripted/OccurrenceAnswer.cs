using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Minion.Models.Providers.Scripted;

/// <summary>What one match contributes to the answer: the calls that it still needs, or its sentence.</summary>
internal sealed class OccurrenceAnswer
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Occurrence _occurrence;
    private readonly JsonNode?[] _results;
    private readonly List<FunctionCallContent> _calls = [];
    private string? _error;

    public OccurrenceAnswer(
        Occurrence occurrence, Func<int, string> callId, IReadOnlyDictionary<string, ToolOutcome> outcomes, IReadOnlySet<string> offered)
    {
        _occurrence = occurrence;
        _results = new JsonNode?[occurrence.Rule.Calls.Count];
        for (var i = 0; i < occurrence.Rule.Calls.Count; i++)
        {
            var id = callId(i);
            if (outcomes.TryGetValue(id, out var outcome))
            {
                _results[i] = outcome.Result;
                _error ??= outcome.Error;
            }
            else if (_error is null)
            {
                Call(occurrence.Rule.Calls[i], id, offered);
            }

            if (occurrence.Rule.Sequence && (_calls.Count > 0 || _error is not null))
            {
                break;
            }
        }
    }

    /// <summary>The calls to make now.</summary>
    public IReadOnlyList<FunctionCallContent> Calls => _calls;

    /// <summary>The sentence, when there are no calls to make.</summary>
    public string Sentence
    {
        get
        {
            var bindings = new Bindings(_occurrence.Match, _results, _error ?? "");
            try
            {
                return _error is null ? _occurrence.Rule.Say.ToText(bindings).Trim() : Apology(bindings);
            }
            catch (TemplateException missing)
            {
                return Apology(bindings with { Error = missing.Message });
            }
        }
    }

    private void Call(RuleCall call, string id, IReadOnlySet<string> offered)
    {
        if (!offered.Contains(call.Tool))
        {
            _error = $"the tool '{call.Tool}' is not among this agent's tools";
            return;
        }

        try
        {
            var arguments = call.Arguments.Fill(new Bindings(_occurrence.Match, _results));
            _calls.Add(ToolCallArguments.ToCall(id, call.Tool, arguments!.ToJsonString(Plain)));
        }
        catch (TemplateException missing)
        {
            _error = missing.Message;
        }
    }

    private string Apology(Bindings bindings)
    {
        try
        {
            if (_occurrence.Rule.OnError is { } onError)
            {
                return onError.ToText(bindings).Trim();
            }
        }
        catch (TemplateException)
        {
            // A result that is missing is missing in this sentence as well.
        }

        return $"I could not answer '{Texts.Shorten(_occurrence.Match.Value)}': {bindings.Error}.";
    }
}
