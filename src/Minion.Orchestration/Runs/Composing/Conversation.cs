using System.Security.Cryptography;
using Microsoft.Extensions.AI;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Composing;

/// <summary>
/// The prompts of a held run: what was composed and hashed for one call of the conversation is there for the next, so that a call costs what has come
/// since. Gives what <see cref="Prompts"/> and <see cref="PromptComposer.Hash"/> give.
/// </summary>
internal sealed class Conversation : IDisposable
{
    private static readonly PromptPart History = new PromptHistory();

    private readonly List<ChatMessage> _messages = [];
    private IncrementalHash? _hash;
    private Beginning? _beginning;
    private int _turns;

    /// <summary>The messages of a call, and their hash.</summary>
    public (List<ChatMessage> Messages, string Hash) For(
        string instructions, SessionHistory history, string input, RunState state, CallModel call, string toolsHash)
    {
        if (call.Prompt is not null || call.Summarises is not null)
        {
            var messages = Prompts.For(instructions, history, input, state, call);
            return (messages, PromptComposer.Hash(messages, toolsHash));
        }

        var beginning = new Beginning(instructions, history, input, state, state.SummarisedThrough, state.HistorySummary, toolsHash);
        if (beginning != _beginning)
        {
            Begin(beginning);
        }

        // A model is called when all calls of the turns before it have their outcomes: those do not change any more.
        for (; _turns < state.Turns.Count; _turns++)
        {
            var turn = state.Turns[_turns];
            if (turn.Answer.Purpose is null)
            {
                Add(PromptComposer.Compose("", [], "", state, [new PromptTurn(turn)]));
            }
        }

        return ([.. _messages], Convert.ToHexStringLower(_hash!.GetCurrentHash()));
    }

    public void Dispose() => _hash?.Dispose();

    private void Begin(Beginning beginning)
    {
        _hash?.Dispose();
        _hash = PromptComposer.BeginHash(beginning.ToolsHash);
        _messages.Clear();
        _turns = 0;
        _beginning = beginning;
        var state = beginning.State;
        Add(PromptComposer.Compose(
            beginning.Instructions, beginning.History.Compose(state), beginning.Input, state, [History, new PromptText("user", beginning.Input)]));
    }

    private void Add(List<ChatMessage> messages)
    {
        _messages.AddRange(messages);
        messages.ForEach(m => PromptComposer.Add(_hash!, m));
    }

    /// <summary>What the first messages are made of.</summary>
    private sealed record Beginning(
        string Instructions, SessionHistory History, string Input, RunState State, long? Through, string? Summary, string ToolsHash);
}
