using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Minion.Edge.OpenAi.Answers;

/// <summary>An answer, as far as it has come.</summary>
internal sealed class Answer
{
    private string _text = "";
    private StringBuilder? _more;
    private StringBuilder? _reasoning;
    private List<FunctionCallContent>? _calls;

    public string Text => _more?.ToString() ?? _text;

    public string Reasoning => _reasoning?.ToString() ?? "";

    public IReadOnlyList<FunctionCallContent> Calls => _calls ?? (IReadOnlyList<FunctionCallContent>)[];

    public string? Model { get; private set; }

    public JsonElement? Logprobs { get; private set; }

    public UsageDetails Usage { get; } = new() { InputTokenCount = 0, OutputTokenCount = 0, TotalTokenCount = 0 };

    public FinishReason Finish { get; private set; }

    /// <summary>What Minion says about the answer: route, cost, cache hit.</summary>
    public Notes Notes { get; } = new();

    public static Answer Of(ChatResponse response)
    {
        var answer = new Answer { Model = response.ModelId };
        answer.Notes.Add(response.AdditionalProperties);
        answer.Note(response.AdditionalProperties, response.FinishReason);
        foreach (var message in response.Messages)
        {
            answer.Notes.Add(message.AdditionalProperties);
            answer.Note(message.AdditionalProperties, finish: null);
            foreach (var content in message.Contents)
            {
                answer.Add(content);
            }
        }

        if (response.Usage is { } usage && answer.Usage.TotalTokenCount == 0)
        {
            answer.Count(usage);
        }

        return answer;
    }

    /// <summary>Takes in what a part says about the answer as a whole, and its contents.</summary>
    public void Add(ChatResponseUpdate update)
    {
        Model = update.ModelId ?? Model;
        Notes.Add(update.AdditionalProperties);
        Note(update.AdditionalProperties, update.FinishReason);
        foreach (var content in update.Contents)
        {
            Add(content);
        }
    }

    private void Note(AdditionalPropertiesDictionary? properties, ChatFinishReason? finish)
    {
        Finish = finish is { } reason ? FinishReason.From(reason) : Finish;
        Logprobs = properties?.GetValueOrDefault(OptionNames.Logprobs) as JsonElement? ?? Logprobs;
    }

    private void Add(AIContent content)
    {
        switch (content)
        {
            case TextContent text:
                AddText(text.Text);
                break;
            case TextReasoningContent reasoning:
                (_reasoning ??= new StringBuilder()).Append(reasoning.Text);
                break;
            case FunctionCallContent call:
                (_calls ??= []).Add(call);
                break;
            case UsageContent usage:
                Notes.Add(usage.AdditionalProperties);
                Notes.Add(usage.Details.AdditionalCounts);
                Count(usage.Details);
                break;
        }
    }

    private void AddText(string text)
    {
        if (_text.Length == 0 && _more is null)
        {
            _text = text;
        }
        else
        {
            (_more ??= new StringBuilder(_text)).Append(text);
        }
    }

    private void Count(UsageDetails usage)
    {
        Usage.Add(usage);
        if (usage.TotalTokenCount is null)
        {
            Usage.TotalTokenCount += (usage.InputTokenCount ?? 0) + (usage.OutputTokenCount ?? 0);
        }
    }
}
