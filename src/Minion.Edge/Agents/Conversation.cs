using Microsoft.Extensions.AI;
using Minion.Contracts.Orchestration.V1;
using Minion.Edge.OpenAi.Answers;
using Minion.Edge.OpenAi.Errors;

namespace Minion.Edge.Agents;

/// <summary>A conversation as an agent takes it: what was said before, and what it is to answer now.</summary>
/// <param name="Before">Oldest first; only the last ones of a long conversation.</param>
/// <param name="Input">The last message of the user.</param>
internal sealed record Conversation(IReadOnlyList<NewMessage> Before, string Input)
{
    // As many as a run looks back at.
    private const int MostBefore = 200;

    /// <exception cref="ApiErrorException">It is none that an agent can answer.</exception>
    public static Conversation From(IReadOnlyList<ChatMessage> messages, ChatOptions options, FieldNames fields)
    {
        if (options.Tools is { Count: > 0 })
        {
            throw Wrong("tools", "an agent has tools of its own; leave them out, or ask a model.");
        }

        if (options.ResponseFormat is not null)
        {
            throw Wrong(fields.Format, "an agent answers in text; leave it out, or ask a model.");
        }

        foreach (var (index, message) in messages.Index())
        {
            Check(message, fields.Message(index));
        }

        if (messages[^1].Role != ChatRole.User || messages[^1].Text.Length == 0)
        {
            throw Wrong(fields.Message(messages.Count - 1), "an agent answers a message of the user: it must be the last one.");
        }

        var before = messages.Take(messages.Count - 1).Where(m => m.Text.Length > 0).TakeLast(MostBefore);
        return new Conversation([.. before.Select(m => new NewMessage { Role = RoleOf(m.Role), Content = m.Text })], messages[^1].Text);
    }

    private static void Check(ChatMessage message, string path)
    {
        if (message.Role == ChatRole.Tool || message.Contents.OfType<FunctionCallContent>().Any())
        {
            throw Wrong(path, "an agent calls tools of its own; calls of the client's cannot be part of its conversation.");
        }

        if (message.Contents.FirstOrDefault(c => c is not TextContent) is not null)
        {
            throw Wrong(path, "an agent takes text only.");
        }
    }

    private static Role RoleOf(ChatRole role) => role == ChatRole.User ? Role.User : role == ChatRole.Assistant ? Role.Assistant : Role.System;

    private static ApiErrorException Wrong(string param, string message) => new(ApiError.Invalid(param, $"{param}: {message}"));
}
