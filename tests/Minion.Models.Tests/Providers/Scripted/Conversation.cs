using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Models.Providers.Scripted;

namespace Minion.Models.Tests.Providers.Scripted;

/// <summary>A conversation with a script: asks, answers the script's calls, and remembers what was called.</summary>
internal sealed class Conversation(Script script, Func<string, JsonElement, object?> tools, params string[] offered)
{
    private readonly List<ChatMessage> _messages = [];

    /// <summary>The calls of each answer, as <c>tool {arguments}</c>.</summary>
    public List<IReadOnlyList<string>> Rounds { get; } = [];

    public static Conversation With(object script, Func<string, JsonElement, object?> tools, params string[] offered) =>
        new(Parse(script), tools, offered);

    public static Script Parse(object script)
    {
        var parsing = Script.Parse(JsonSerializer.SerializeToElement(script));
        parsing.Errors.ShouldBeEmpty();
        return parsing.Script!;
    }

    public string Ask(string question)
    {
        _messages.Add(new ChatMessage(ChatRole.User, question));
        for (var round = 0; round < 10; round++)
        {
            var turn = ScriptedTurn.Next(script, _messages, offered.ToHashSet());
            if (turn.Calls.Count == 0)
            {
                _messages.Add(new ChatMessage(ChatRole.Assistant, turn.Text));
                return turn.Text;
            }

            Rounds.Add([.. turn.Calls.Select(c => $"{c.Name} {ToolCallArguments.RawOf(c)}")]);
            _messages.Add(new ChatMessage(ChatRole.Assistant, [.. turn.Calls]));
            _messages.AddRange(turn.Calls.Select(c => new ChatMessage(ChatRole.Tool, [Result(c)])));
        }

        throw new InvalidOperationException("The script calls tools without end.");
    }

    private FunctionResultContent Result(FunctionCallContent call) =>
        tools(call.Name, JsonDocument.Parse(ToolCallArguments.RawOf(call)).RootElement) switch
        {
            Exception failure => new FunctionResultContent(call.CallId, null) { Exception = failure },
            var result => new FunctionResultContent(call.CallId, result is string text ? text : JsonSerializer.Serialize(result)),
        };
}
