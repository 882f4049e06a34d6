using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Models;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Composing;

/// <summary>A message of the session before the run's own input.</summary>
internal sealed record HistoryMessage(string Role, string Content);

/// <summary>
/// Builds the prompt of a model call from the agent's instructions, the session's history, the run's input and its journal: the same
/// prompt for the same journal, so that it need not be stored. A change of what it builds is a new <see cref="Version"/>.
/// </summary>
internal static class PromptComposer
{
    public const int Version = 1;

    /// <param name="instructions">The agent's.</param>
    /// <param name="history">The session before the run.</param>
    /// <param name="input">What the run is asked to do.</param>
    /// <param name="state">The journal.</param>
    /// <param name="prompt">The parts that the behaviour asks for; null for the conversation so far.</param>
    public static List<ChatMessage> Compose(
        string instructions, IReadOnlyList<HistoryMessage> history, string input, RunState state, IReadOnlyList<PromptPart>? prompt = null)
    {
        var messages = new List<ChatMessage>(history.Count + (2 * state.Turns.Count) + 2);
        if (instructions.Length > 0)
        {
            messages.Add(new ChatMessage(ChatRole.System, instructions));
        }

        foreach (var part in prompt ?? Conversation(input, state))
        {
            switch (part)
            {
                case PromptHistory:
                    messages.AddRange(history.Select(m => new ChatMessage(RoleOf(m.Role), m.Content)));
                    break;
                case PromptText text:
                    messages.Add(new ChatMessage(RoleOf(text.Role), text.Text));
                    break;
                case PromptTurn { Turn: var turn }:
                    messages.Add(Assistant(turn));
                    messages.AddRange(turn.Calls.Where(c => c.Outcome is not null).Select(ToolResult));
                    break;
            }
        }

        return messages;
    }

    /// <summary>The history, the input and the turns; those with a purpose were no turns of the conversation.</summary>
    private static IEnumerable<PromptPart> Conversation(string input, RunState state) =>
    [
        new PromptHistory(),
        new PromptText("user", input),
        .. state.Turns.Where(t => t.Answer.Purpose is null).Select(t => new PromptTurn(t)),
    ];

    /// <summary>SHA-256 over a composed prompt, in hex.</summary>
    public static string Hash(IReadOnlyList<ChatMessage> messages, string toolsHash)
    {
        using var hash = BeginHash(toolsHash);
        foreach (var message in messages)
        {
            Add(hash, message);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The hash of a prompt without messages, to add them to.</summary>
    public static IncrementalHash BeginHash(string toolsHash)
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, $"composer {Version} tools {toolsHash}");
        return hash;
    }

    public static void Add(IncrementalHash hash, ChatMessage message)
    {
        Add(hash, message.Role.Value);
        foreach (var content in message.Contents)
        {
            Add(hash, content switch
            {
                TextContent text => text.Text,
                FunctionCallContent call => $"{call.CallId}\u001f{call.Name}\u001f{ToolCallArguments.RawOf(call)}",
                FunctionResultContent result => $"{result.CallId}\u001f{result.Result}",
                _ => content.GetType().Name,
            });
        }
    }

    private static ChatRole RoleOf(string role) => role switch
    {
        "user" => ChatRole.User,
        "assistant" => ChatRole.Assistant,
        "system" => ChatRole.System,
        _ => ChatRole.User,
    };

    private static ChatMessage Assistant(Turn turn)
    {
        var answer = turn.Answer;
        var contents = new List<AIContent>(answer.Calls.Count + 1);
        if (answer.Text.Length > 0)
        {
            contents.Add(new TextContent(answer.Text));
        }

        contents.AddRange(turn.Calls.Select(c => ToolCallArguments.ToCall(c.Request.Id, c.Request.Tool, c.Arguments)));
        return new ChatMessage(ChatRole.Assistant, contents);
    }

    private static ChatMessage ToolResult(CallState call) =>
        new(ChatRole.Tool, [new FunctionResultContent(call.Request.Id, ResultText(call.Outcome!))]);

    private static string ResultText(CallReturned outcome) => outcome.Failure is not { } failure
        ? outcome is { Result: { } result, Whole: { KeptId: { } kept } whole } ? LongResult.ForModel(result, whole.Bytes, kept) : outcome.Result ?? "null"
        : JsonSerializer.Serialize(new FailureForModel(new FailureText(failure.Kind, failure.Message, failure.Hint)), FailureJsonContext.Default.FailureForModel);

    private static void Add(IncrementalHash hash, string text)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        hash.AppendData([0]);
    }
}
