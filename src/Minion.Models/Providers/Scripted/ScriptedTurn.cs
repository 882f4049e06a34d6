using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Minion.Models.Providers.Scripted;

/// <summary>What the script answers: calls, or text.</summary>
internal sealed record ScriptedTurn(IReadOnlyList<FunctionCallContent> Calls, string Text)
{
    /// <summary>
    /// The script's next answer, from the conversation alone: nothing is remembered between calls, so that a run goes on after a crash.
    /// Only what follows the last user message counts; a call is known by an id made of that message's text and the call's place.
    /// </summary>
    /// <param name="script">The script.</param>
    /// <param name="messages">The conversation.</param>
    /// <param name="offered">The tools that may be called.</param>
    public static ScriptedTurn Next(Script script, IReadOnlyList<ChatMessage> messages, IReadOnlySet<string> offered)
    {
        var last = messages.Count - 1;
        while (last >= 0 && messages[last].Role != ChatRole.User)
        {
            last--;
        }

        var question = last < 0 ? "" : messages[last].Text;
        var outcomes = new Dictionary<string, ToolOutcome>();
        foreach (var result in messages.Skip(last + 1).SelectMany(m => m.Contents).OfType<FunctionResultContent>())
        {
            outcomes[result.CallId] = ToolOutcome.From(result);
        }

        var ids = new CallIds(question);
        var answers = Occurrences.Find(script.Rules, question)
            .Select((occurrence, i) => new OccurrenceAnswer(occurrence, call => ids.For(i, call), outcomes, offered))
            .ToList();
        if (answers.Count == 0)
        {
            return new ScriptedTurn([], script.Otherwise);
        }

        var calls = answers.SelectMany(a => a.Calls).ToList();
        return calls.Count > 0 ? new ScriptedTurn(calls, "") : new ScriptedTurn([], string.Join(' ', answers.Select(a => a.Sentence)));
    }
}
